package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.myelin.web.InternalController;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
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

/** What each of the three ports admits to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortsIT {
    private ServerProcess server;
    private HttpClient http;
    private String client;
    private String federation;
    private String internal;
    private String secret;

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
    }

    @AfterAll
    void stop() throws Exception {
        server.stopsInTime();
        server.close();
    }

    @Test
    void clientAndFederationPortServeEverything() throws Exception {
        for (var port : List.of(client, federation)) {
            assertThat(send(port, "GET", "/_matrix/client/versions").statusCode())
                    .isEqualTo(200);
            assertThat(send(port, "GET", "/.well-known/matrix/client").statusCode())
                    .isEqualTo(200);
            assertThat(send(port, "GET", "/_matrix/client/v3/account/whoami").body())
                    .contains("M_MISSING_TOKEN");
            assertThat(send(port, "GET", "/_matrix/client/v3/sync").body()).contains("M_MISSING_TOKEN");
            assertThat(send(port, "POST", "/_matrix/client/v3/createRoom").body())
                    .contains("M_MISSING_TOKEN");
            assertThat(send(port, "GET", "/_matrix/client/v3/publicRooms").statusCode())
                    .isNotEqualTo(404);
        }
    }

    @Test
    void internalPathsDoNotExistOnThem() throws Exception {
        assertThat(internalPaths()).isNotEmpty().allMatch(path -> path.startsWith(InternalController.PATHS));
        for (var path : internalPaths()) {
            for (var method : List.of("GET", "POST", "PUT", "DELETE")) {
                for (var port : List.of(client, federation)) {
                    var answer = send(port, method, path, "Authorization", "Bearer " + secret);
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
                assertThat(send(internal, method, path, "Authorization", "Bearer guess")
                                .statusCode())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void internalPortAdmitsWhoKnowsTheSecret() throws Exception {
        assertThat(send(internal, "POST", "/_myelin/internal/users", "Authorization", "Bearer " + secret)
                        .statusCode())
                .isEqualTo(400);
    }

    /** Those of all internal controllers there are, in whatever service. */
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

    /** Whoever has signed the certificate, and whatever its names. */
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
