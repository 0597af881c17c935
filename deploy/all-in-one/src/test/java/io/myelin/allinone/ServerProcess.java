package io.myelin.allinone;

import io.myelin.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, started as {@code ./myelin run} starts it. */
final class ServerProcess implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Path data;
    private final Process process;
    private final BufferedReader output;
    private final int clientPort;
    private final int federationPort;
    private final List<String> said = new ArrayList<>();

    private ServerProcess(Path data, Process process, int clientPort, int federationPort) {
        this.data = data;
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.clientPort = clientPort;
        this.federationPort = federationPort;
    }

    /** Starts a server on free ports without waiting for it. */
    static ServerProcess launch(Path data, Map<String, String> settings, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx300m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--data",
                data.toString()));
        command.addAll(List.of(arguments));
        var clientPort = FreePort.choose();
        var federationPort = FreePort.choose();
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("MYELIN_"));
        environment.put("MYELIN_LISTENERS_CLIENT_PORT", Integer.toString(clientPort));
        environment.put("MYELIN_LISTENERS_FEDERATION_PORT", Integer.toString(federationPort));
        environment.put("MYELIN_DATABASE_ORPHAN_LINGER", "10s");
        environment.put("MYELIN_RATE_LIMITS_ENABLED", "false");
        environment.putAll(settings);
        return new ServerProcess(data, builder.start(), clientPort, federationPort);
    }

    /** Starts a server and waits until it prints that it is ready. */
    static ServerProcess start(Path data) throws IOException {
        return start(data, Map.of());
    }

    /** The same with settings, as variables of the environment, and further arguments. */
    static ServerProcess start(Path data, Map<String, String> settings, String... arguments) throws IOException {
        var server = launch(data, settings, arguments);
        for (var line = server.output.readLine(); line != null; line = server.output.readLine()) {
            server.said.add(line);
            if (line.startsWith("  Stop ")) {
                return server;
            }
        }
        throw new IllegalStateException("The server has ended:\n" + String.join("\n", server.said));
    }

    /** The output until the server was ready. */
    String said() {
        return String.join("\n", said);
    }

    /** The output until the process ended. */
    String sayings() {
        output.lines().forEach(said::add);
        return said();
    }

    long pid() {
        return process.pid();
    }

    int clientPort() {
        return clientPort;
    }

    int federationPort() {
        return federationPort;
    }

    /** A request to the internal port, without the secret. */
    HttpResponse<String> getInternal(String path) throws IOException, InterruptedException {
        return get(
                Integer.parseInt(Files.readString(DataFiles.internalPort(data)).strip()), path);
    }

    boolean isReady() throws IOException, InterruptedException {
        return getInternal("/actuator/health/readiness").statusCode() == 200;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(clientPort, path);
    }

    HttpResponse<String> get(int port, String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends SIGTERM; true if the process ended in time. */
    boolean stopsInTime() throws InterruptedException {
        process.destroy();
        return process.waitFor(60, TimeUnit.SECONDS);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int status() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
