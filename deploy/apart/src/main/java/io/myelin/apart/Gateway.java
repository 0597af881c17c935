package io.myelin.apart;

import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * nginx in front of the components: its configuration, made from the template of {@code deploy/gateway}.
 *
 * @param directory for its working files
 * @param log its error log
 * @param clients address and port for clients
 * @param federation address and port for other servers
 * @param federationServesClients whether the latter are served the client API too
 * @param certificate PEM
 * @param privateKey PEM
 * @param requestSize the longest body, in bytes
 */
record Gateway(
        Path directory,
        Path log,
        String clients,
        String federation,
        boolean federationServesClients,
        Path certificate,
        Path privateKey,
        long requestSize) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(MYELIN_GATEWAY_[A-Z_]+)}");

    /** Where distributions install nginx, apart from the {@code PATH}. */
    private static final List<String> DIRECTORIES =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin");

    /** The path of nginx, if it is installed. */
    static Optional<Path> nginx() {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(":", -1)), DIRECTORIES.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The message for an operator without nginx. */
    static String howToGetNginx() {
        return "./myelin run --apart needs nginx in front of the components, and there is none on this machine. "
                + "Install it, for example:\n  apt-get install -y nginx-light\n"
                + "It need not run as a service: Myelin starts one of its own.";
    }

    /** Writes the configuration and returns its file. */
    Path configure(Plan plan, Ports ports) throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve("nginx.conf");
        Files.writeString(file, configuration(GatewayTemplate.read(), plan, ports));
        return file;
    }

    /** @throws IllegalArgumentException if the template has an unknown variable */
    String configuration(String template, Plan plan, Ports ports) {
        var withServices = GatewayTemplate.filledIn(
                template, new Routing(ServiceDescriptions.all()), service -> servers(service, plan, ports));
        var values = new HashMap<String, String>(Map.of(
                "WORKERS", "auto",
                "DIRECTORY", directory.toString(),
                "LOG", log.toString(),
                "CLIENT_LISTEN", clients,
                "FEDERATION_LISTEN", federation,
                "CERTIFICATE", certificate.toString(),
                "PRIVATE_KEY", privateKey.toString(),
                "REQUEST_SIZE", Long.toString(requestSize)));
        values.put("FEDERATION_SERVES_CLIENTS", Boolean.toString(federationServesClients));
        return PLACEHOLDER.matcher(withServices).replaceAll(match -> {
            var value = values.get(match.group(1).substring("MYELIN_GATEWAY_".length()));
            if (value == null) {
                throw new IllegalArgumentException("nginx.conf asks for " + match.group(1) + ", which nobody knows");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String servers(ServiceDescription service, Plan plan, Ports ports) {
        return plan.instances(Component.of(service.name())).stream()
                .map(instance -> "server 127.0.0.1:" + ports.client(instance) + " max_fails=1 fail_timeout=1s;")
                .collect(Collectors.joining("\n        "));
    }

    /** The command line, in the foreground. */
    List<String> command(Path nginx) {
        return List.of(
                nginx.toString(),
                "-p",
                directory.toString(),
                "-e",
                log.toString(),
                "-c",
                directory.resolve("nginx.conf").toString(),
                "-g",
                "daemon off;");
    }
}
