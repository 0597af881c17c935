package io.myelin.apart;

import io.myelin.testing.FreePort;
import io.myelin.web.InternalSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server apart, started as {@code ./myelin run --apart} starts it, with its verbs and its gateway. */
final class ApartServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Process process;
    private final BufferedReader output;
    private final Path data;
    private final int clientPort;
    private final List<String> said = new ArrayList<>();

    private ApartServer(Process process, Path data, int clientPort) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.data = data;
        this.clientPort = clientPort;
    }

    /** Starts a server without waiting for it. */
    static ApartServer launch(Path data, int clientPort, int federationPort, String... arguments) throws IOException {
        return launch(data, clientPort, federationPort, Map.of(), arguments);
    }

    private static ApartServer launch(
            Path data, int clientPort, int federationPort, Map<String, String> settings, String... arguments)
            throws IOException {
        var program = List.of(
                "-Xmx64m",
                "-Dmyelin.java-options=-XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        return launch(data, clientPort, federationPort, settings, program, arguments);
    }

    private static ApartServer launch(
            Path data,
            int clientPort,
            int federationPort,
            Map<String, String> settings,
            List<String> program,
            String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(program);
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("MYELIN_"));
        environment.put("MYELIN_LISTENERS_CLIENT_PORT", Integer.toString(clientPort));
        environment.put("MYELIN_LISTENERS_FEDERATION_PORT", Integer.toString(federationPort));
        environment.put("MYELIN_TEST_MODE", "true");
        environment.putAll(settings);
        return new ApartServer(builder.start(), data, clientPort);
    }

    /** Starts a server and waits until it prints that it is ready. */
    static ApartServer start(Path data, String... arguments) throws IOException {
        return ready(launch(data, FreePort.choose(), FreePort.choose(), arguments));
    }

    /** The same with settings, as variables of the environment. */
    static ApartServer start(Path data, Map<String, String> settings, String... arguments) throws IOException {
        return ready(launch(data, FreePort.choose(), FreePort.choose(), settings, arguments));
    }

    /** The same services in one process, which has no verbs. */
    static ApartServer startTogether(Path data) throws IOException {
        return startTogether(data, Map.of());
    }

    /** The same with settings, as variables of the environment. */
    static ApartServer startTogether(Path data, Map<String, String> settings) throws IOException {
        var program = List.of(
                "-Xmx300m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                io.myelin.allinone.Main.class.getName(),
                "run");
        return ready(launch(data, FreePort.choose(), FreePort.choose(), settings, program));
    }

    private static ApartServer ready(ApartServer server) throws IOException {
        for (var line = server.output.readLine(); line != null; line = server.output.readLine()) {
            server.said.add(line);
            if (line.startsWith("  Stop ")) {
                return server;
            }
        }
        throw new IllegalStateException("It has ended:\n" + String.join("\n", server.said));
    }

    /** The gateway's URL for clients. */
    String url() {
        return "http://127.0.0.1:" + clientPort;
    }

    /** The output until the process ended. */
    String sayings() {
        output.lines().forEach(said::add);
        return String.join("\n", said);
    }

    int status() throws InterruptedException {
        return process.waitFor();
    }

    /** Runs {@code ./myelin VERB WORD}. */
    HttpResponse<String> verb(String verb, String word) throws Exception {
        return control("POST", "/" + verb + "?" + URLEncoder.encode(word, StandardCharsets.UTF_8));
    }

    /** The row of one instance in {@code ./myelin status --json}. */
    JsonNode row(String instance) throws Exception {
        var processes = JSON.readTree(control("GET", "/status.json").body()).path("processes");
        return StreamSupport.stream(processes.spliterator(), false)
                .filter(row -> row.path("instance").asString("").equals(instance))
                .findFirst()
                .orElseThrow();
    }

    /** The output of {@code ./myelin status}. */
    String table() throws Exception {
        return control("GET", "/status").body();
    }

    private HttpResponse<String> control(String method, String path) throws Exception {
        var port = Files.readString(data.resolve("apart/control.port")).strip();
        var secret = new InternalSecret(
                Files.readString(data.resolve("apart/control.secret")).strip());
        var address = URI.create("http://127.0.0.1:" + port + path);
        return HTTP.send(
                HttpRequest.newBuilder(address)
                        .header(
                                InternalSecret.REQUEST,
                                secret.prove(method, address, new byte[0]).header())
                        .timeout(Duration.ofSeconds(120))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    /** Makes a client's request through the gateway; the answer must be 200. */
    JsonNode request(String method, String path, String token, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + clientPort + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var answer = HTTP.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** Sends SIGTERM; true if the process ended in time. */
    boolean stopsInTime() throws InterruptedException {
        process.destroy();
        return process.waitFor(60, TimeUnit.SECONDS);
    }

    /** Tries to stop it in order, because it has started other processes. */
    @Override
    public void close() {
        try {
            stopsInTime();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
