package io.myelin.apart;

import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The template of the gateway's configuration, {@code deploy/gateway/nginx.conf}, filled in with the routes and upstreams
 * of the services on the class path. Its main method prints the template with the variables that are left to
 * {@code envsubst}.
 */
public final class GatewayTemplate {
    /** Where a container has the proxies in front of it, as nginx's directives. */
    private static final String TRUSTED_PROXIES = "/etc/nginx/trusted-proxies.conf";

    private GatewayTemplate() {}

    public static void main(String[] arguments) throws IOException {
        System.out.print(filledIn(
                read(),
                new Routing(ServiceDescriptions.all()),
                service -> "${MYELIN_GATEWAY_" + Component.of(service.name()).variable() + "}"));
    }

    /**
     * The whole configuration for containers, where a service's name stands for the addresses of its instances. nginx looks the
     * names up again and again, so that it follows when instances come and go. Its consistent hash would take all addresses of
     * a name for one instance; the plain one counts them, and when their number changes, most users get another instance.
     *
     * @param resolver the address of the name server: Docker's, as its networks have it
     */
    static String forContainers(List<ServiceDescription> services, String resolver) throws IOException {
        var withServices = filledIn(
                        read(),
                        new Routing(services),
                        service -> "server " + service.name() + ":8008 resolve max_fails=1 fail_timeout=1s;")
                .replace("hash $caller consistent;", "hash $caller;")
                .replaceFirst(
                        "(?m)^( *upstream )",
                        "    resolver " + resolver + " valid=1s ipv6=off;\n    include " + TRUSTED_PROXIES + ";\n\n$1");
        var values = Map.of(
                "WORKERS", "auto",
                "DIRECTORY", "/tmp",
                "LOG", "/dev/stderr",
                "CLIENT_LISTEN", "0.0.0.0:8008",
                "FEDERATION_LISTEN", "0.0.0.0:8448",
                "FEDERATION_SERVES_CLIENTS", "false",
                "CERTIFICATE", "/run/secrets/tls.crt",
                "PRIVATE_KEY", "/run/secrets/tls.key",
                "REQUEST_SIZE", "1m");
        var written = withServices;
        for (var value : values.entrySet()) {
            written = written.replace("${MYELIN_GATEWAY_" + value.getKey() + "}", value.getValue());
        }
        return written;
    }

    /** @param servers nginx's {@code server} lines for the instances of a service, or a variable for them */
    static String filledIn(String template, Routing routing, Function<ServiceDescription, String> servers) {
        return template.replace("${MYELIN_GATEWAY_RULES}", routing.rules())
                .replace("${MYELIN_GATEWAY_EVERYTHING_ELSE}", routing.everythingElse())
                .replace("${MYELIN_GATEWAY_UPSTREAMS}", routing.upstreams(servers));
    }

    /** The unchanged template of {@code deploy/gateway}. */
    static String read() throws IOException {
        try (InputStream resource = GatewayTemplate.class.getResourceAsStream("nginx.conf")) {
            if (resource == null) {
                throw new IllegalStateException("nginx.conf is not on the class path");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
