package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.myelin.web.InternalController;
import io.myelin.web.InternalSecret;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;

/** Which paths each of the three ports serves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortsIT {
    private ServerProcess server;
    private HttpClient http;
    private String client;
    private String federation;
    private String internal;
    private String secret;
    private InternalSecret proofs;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        var trustsAnybody = SSLContext.getInstance("TLS");
        trustsAnybody.init(null, new TrustManager[] {new TrustsAnybody()}, new SecureRandom());
        http = HttpClient.newBuilder().sslContext(trustsAnybody).build();
        server = ServerProcess.start(data);
        client = "http://127.0.0.1:" + server.clientPort();
        federation = "https://127.0.0.1:" + server.federationPort();
        internal = "http://127.0.0.1:"
                + Files.readString(DataFiles.internalPort(data)).strip();
        secret = Files.readString(DataFiles.internalSecret(data)).strip();
        proofs = new InternalSecret(secret);
    }

    @AfterAll
    void stop() throws Exception {
        server.stopsInTime();
        server.close();
    }

    @Test
    void clientPortServesEverything() throws Exception {
        for (var path : List.of(
                "/_matrix/client/versions",
                "/.well-known/matrix/client",
                "/_matrix/client/v3/publicRooms",
                "/_matrix/key/v2/server",
                "/_matrix/federation/v1/version")) {
            assertThat(send(client, "GET", path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void federationPortServesOtherServersAlone() throws Exception {
        for (var path : List.of("/_matrix/key/v2/server", "/_matrix/federation/v1/version")) {
            assertThat(send(federation, "GET", path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(send(federation, "GET", "/.well-known/matrix/server").body()).contains("M_NOT_FOUND");
        for (var path : List.of(
                "/",
                "/_matrix/client/versions",
                "/_matrix/client/v3/account/whoami",
                "/_matrix/client/v3/sync",
                "/_matrix/federation/../client/versions",
                "//_matrix/client/versions",
                "/.well-known/matrix/client",
                "/_synapse/admin/v1/register",
                "/actuator/health/readiness",
                "/_myelin/wiring")) {
            var answer = send(federation, "GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("M_UNRECOGNIZED");
        }
    }

    @Test
    void internalPortAloneServesHealthFiguresAndBuildWithoutTheSecret() throws Exception {
        var said = Map.of(
                "/actuator/health/liveness", "{\"status\":\"UP\"}",
                "/actuator/health/readiness", "{\"status\":\"UP\"}",
                "/actuator/prometheus", "http_server_requests_seconds_bucket{",
                "/actuator/info", "\"service\":\"all-in-one\",\"instance\":\"all-in-one\"");
        assertThat(send(client, "GET", "/_matrix/client/versions").statusCode()).isEqualTo(200);
        for (var path : said.keySet()) {
            var answer = send(internal, "GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).contains(said.get(path));
            for (var port : List.of(client, federation)) {
                assertThat(send(port, "GET", path).statusCode()).as(port + path).isEqualTo(404);
                assertThat(send(port, "GET", path).body()).contains("M_UNRECOGNIZED");
            }
        }
    }

    @Test
    void traceIsRefusedAndNothingEchoed() throws Exception {
        for (var port : List.of(client, internal)) {
            var answer = send(port, "TRACE", "/_matrix/client/versions", "X-Secret", "echo-me");
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.body()).contains("M_UNRECOGNIZED").doesNotContain("echo-me");
        }
    }

    @Test
    void internalPathsDoNotExistOnThem() throws Exception {
        assertThat(internalPaths()).isNotEmpty().allMatch(path -> path.startsWith(InternalController.PATHS));
        for (var path : internalPaths()) {
            for (var method : List.of("GET", "POST", "PUT", "DELETE")) {
                for (var port : List.of(client, federation)) {
                    var answer = send(port, method, path, InternalSecret.REQUEST, proof(method, port + path));
                    assertThat(answer.statusCode())
                            .as("%s %s%s", method, port, path)
                            .isEqualTo(404);
                    assertThat(answer.body()).contains("M_UNRECOGNIZED");
                }
            }
        }
    }

    @Test
    void internalPathsDoNotExistForStrangersOnTheInternalPort() throws Exception {
        for (var path : internalPaths()) {
            for (var method : List.of("GET", "POST")) {
                assertThat(send(internal, method, path).statusCode())
                        .as("%s %s", method, path)
                        .isEqualTo(404);
                assertThat(send(internal, method, path, "Authorization", "Bearer " + secret)
                                .statusCode())
                        .isEqualTo(404);
                // A proof that was made for another port must not be accepted here.
                assertThat(send(internal, method, path, InternalSecret.REQUEST, proof(method, client + path))
                                .statusCode())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void internalPortAdmitsOnceWhoProvesToKnowTheSecret() throws Exception {
        var proof = proof("POST", internal + "/_myelin/internal/users");
        assertThat(send(internal, "POST", "/_myelin/internal/users", InternalSecret.REQUEST, proof)
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(internal, "POST", "/_myelin/internal/users", InternalSecret.REQUEST, proof)
                        .statusCode())
                .isEqualTo(404);
    }

    private String proof(String method, String address) {
        return proofs.prove(method, URI.create(address), "{}".getBytes(StandardCharsets.UTF_8))
                .header();
    }

    /** The paths of all internal controllers, in every service. */
    private static List<String> internalPaths() {
        return new ClassFileImporter()
                .importPackages("io.myelin").stream()
                        .filter(one -> one.isMetaAnnotatedWith(InternalController.class))
                        .map(JavaClass::reflect)
                        .flatMap(controller -> Stream.of(controller.getDeclaredMethods()))
                        .map(method -> AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class))
                        .filter(mapping -> mapping != null)
                        .flatMap(mapping -> Stream.of(mapping.path()))
                        .map(path -> path.replaceAll("\\{[^}]*}", "x"))
                        .toList();
    }

    private HttpResponse<String> send(String port, String method, String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(port + path))
                .method(method, BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Trusts every certificate, whatever its issuer and names. */
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
