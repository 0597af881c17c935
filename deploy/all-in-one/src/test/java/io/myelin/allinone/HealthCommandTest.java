package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCommandTest {

    @Test
    void isWhatTheProcessSaysOfItself() throws IOException {
        assertThat(exitStatus(200)).isZero();
        assertThat(exitStatus(503)).isEqualTo(1);
        assertThat(exitStatus(404)).isEqualTo(1);
    }

    @Test
    void processThatDoesNotAnswerIsNotHealthy() {
        assertThat(HealthCommand.run(List.of("http://127.0.0.1:1/"))).isEqualTo(1);
        assertThat(HealthCommand.run(List.of("no address"))).isEqualTo(1);
    }

    /** Like {@code user add}, it asks the server that runs on the data directory, whatever the environment says. */
    @Test
    void portOfTheDataDirectorysServerCountsBeforeThatOfTheEnvironment(@TempDir Path data) throws IOException {
        assertThat(portBySettings(data, "8009")).isEqualTo("8009");
        assertThatThrownBy(() -> portBySettings(data, "0")).isInstanceOf(NoSuchFileException.class);
        Files.writeString(data.resolve("internal.port"), "4711\n");
        assertThat(portBySettings(data, "8009")).isEqualTo("4711");
        assertThat(portBySettings(data, "0")).isEqualTo("4711");
        assertThat(HealthCommand.address(
                        Map.of("MYELIN_DATA", data.toString(), "MYELIN_LISTENERS_INTERNAL_PORT", "8009")))
                .isEqualTo("http://127.0.0.1:4711/actuator/health/readiness");
    }

    private static String portBySettings(Path data, String port) throws IOException {
        return DataFiles.internalPort(data, Map.of("MYELIN_LISTENERS_INTERNAL_PORT", port));
    }

    @Test
    void processThatSpeaksNoHttpIsNotHealthy() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var connection = server.accept()) {
                    connection.getOutputStream().write("SSH-2.0-200\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(HealthCommand.run(List.of("http://127.0.0.1:" + server.getLocalPort() + "/")))
                    .isEqualTo(1);
        }
    }

    private static int exitStatus(int answer) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
        try {
            return HealthCommand.run(
                    List.of("http://127.0.0.1:" + server.getAddress().getPort() + "/ready"));
        } finally {
            server.stop(0);
        }
    }
}
