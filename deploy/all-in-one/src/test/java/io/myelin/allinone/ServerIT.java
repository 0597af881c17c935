package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.embedded.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerIT {
    private static final String VERSIONS = "/_matrix/client/versions";
    private static final String FEDERATION_VERSION = "/_matrix/federation/v1/version";

    @TempDir
    Path directory;

    @Test
    void startsAnswersStopsAndFindsEverythingAgain() throws Exception {
        var data = directory.resolve("data");
        var key = "";
        try (var server = ServerProcess.start(data)) {
            assertThat(server.said())
                    .contains("http://localhost:" + server.clientPort())
                    .contains(data.toRealPath().toString())
                    .contains("./myelin user add");
            assertThat(server.get(VERSIONS).statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(60)).until(server::isReady);
            assertThat(statusOverTls(server.federationPort(), FEDERATION_VERSION))
                    .startsWith("HTTP/1.1 200");
            key = Files.readString(data.resolve("signing.key"));
            assertThat(server.stopsInTime()).isTrue();
        }
        assertThat(data.resolve("postgresql/postmaster.pid")).doesNotExist();
        try (var server = ServerProcess.start(data)) {
            assertThat(data.resolve("signing.key")).hasContent(key);
            assertThat(server.get(VERSIONS).statusCode()).isEqualTo(200);
            assertThat(server.stopsInTime()).isTrue();
        }
    }

    @Test
    void startsAgainAfterAKill() throws Exception {
        try (var killed = ServerProcess.start(directory)) {
            killed.kill();
        }
        try (var server = ServerProcess.start(directory)) {
            await().atMost(Duration.ofSeconds(60)).until(server::isReady);
            assertThat(server.stopsInTime()).isTrue();
        }
    }

    @Test
    void secondStartOnTheSameDataSaysWhoHasThemAndStops() throws Exception {
        try (var data = DataDirectory.open(directory);
                var second = ServerProcess.launch(directory, Map.of())) {
            assertThat(second.sayings())
                    .contains(data.path().toString())
                    .contains("process " + ProcessHandle.current().pid());
            assertThat(second.status()).isEqualTo(2);
        }
    }

    @Test
    void wrongConfigurationIsRefusedBeforeAnythingStarts() throws Exception {
        var file = Files.writeString(directory.resolve("myelin.yaml"), "server-name: example.org\nshards: 3\n");
        var data = directory.resolve("data");
        try (var server = ServerProcess.launch(data, Map.of(), "--config", file.toString())) {
            assertThat(server.sayings()).contains("myelin.yaml:2: shards: '3' is not allowed.");
            assertThat(server.status()).isEqualTo(2);
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void portThatIsTakenIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var server = ServerProcess.launch(
                        directory, Map.of("MYELIN_LISTENERS_CLIENT_PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(server.sayings()).contains("Myelin does not start: port " + taken.getLocalPort() + " is in use");
            assertThat(server.status()).isEqualTo(1);
        }
    }

    /** The status line of the answer; any certificate is accepted. */
    private static String statusOverTls(int port, String path) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnybody()}, new SecureRandom());
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static final class TrustsAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
