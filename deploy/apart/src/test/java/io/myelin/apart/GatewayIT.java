package io.myelin.apart;

import static io.myelin.apart.Examples.FEDERATION;
import static io.myelin.apart.Examples.READER;
import static io.myelin.apart.Examples.WRITER;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.allinone.TlsIdentity;
import io.myelin.embedded.DataDirectory;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import io.myelin.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.StandardEnvironment;

/** The gateway's configuration in a real nginx, in front of servers that echo their requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONGER_THAN_A_CONNECTION_MAY_TAKE = Duration.ofMillis(2_400);
    private final Plan plan = Plan.of(READER + "=2," + WRITER + "=2", Set.of());
    private final Map<Instance, EchoServer> components = new HashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private int clientPort;
    private int federationPort;
    private @Nullable Ports ports;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        var nginx = Gateway.nginx();
        assumeTrue(nginx.isPresent(), Gateway.howToGetNginx());
        var data = DataDirectory.open(directory);
        opened.add(data);
        Files.createDirectories(directory.resolve("apart"));
        ServerSettings properties =
                ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("data", directory.toString()));
        var tls = TlsIdentity.files(properties, data);
        var drawn = new Ports(data);
        ports = drawn;
        for (var instance : plan.instances()) {
            if (instance.component().servesClients()) {
                var component = new EchoServer(instance.toString(), drawn.client(instance));
                components.put(instance, component);
                opened.addFirst(component);
            }
        }
        clientPort = FreePort.choose();
        federationPort = FreePort.choose();
        var gateway = new Gateway(
                data.path().resolve("apart/gateway"),
                data.log("gateway"),
                "127.0.0.1:" + clientPort,
                "127.0.0.1:" + federationPort,
                false,
                tls.certificate(),
                tls.privateKey(),
                1 << 16);
        gateway.configure(plan, drawn);
        var launch = new Launch(
                gateway.command(nginx.orElseThrow()), Map.of(), directory.resolve("gateway.out"), "QUIT", "");
        var process = new OsProcess(
                launch,
                Ports.processFile(data.path(), new Instance(Component.GATEWAY, 1)),
                () -> Http.isGateway(clientPort));
        opened.addFirst(() -> process.stop(Duration.ofSeconds(5)));
        process.start();
        await().atMost(Duration.ofSeconds(30)).until(process::isHealthy);
    }

    @AfterAll
    void stop() throws Exception {
        for (var one : opened) {
            one.close();
        }
    }

    @Test
    void pathsReachTheComponentAsTheyWereWritten() throws Exception {
        var path = "/_matrix/client/v3/rooms/!a%2Fb:c/state/m.x//%25%2e?x=%2F&y=a+b";

        assertThat(rawAnswer("GET " + path)).contains(READER + "#").contains(" GET " + path + " 0 127.0.0.1");
        assertThat(rawAnswer("PUT " + path)).contains(WRITER + "#").contains(" PUT " + path + " ");
    }

    @Test
    void federationPortServesOtherServersAlone() throws Exception {
        var trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new TrustsAnybody()}, new SecureRandom());
        try (var https = HttpClient.newBuilder().sslContext(trusting).build()) {
            for (var path :
                    List.of("/_matrix/key/v2/server", "/.well-known/matrix/server", "/_matrix/federation/v1/x")) {
                assertThat(overTls(https, path).statusCode()).as(path).isEqualTo(200);
            }
            for (var path : List.of("/_matrix/client/versions", "/_synapse/admin/v1/register", "/", "/actuator/info")) {
                assertThat(overTls(https, path).statusCode()).as(path).isEqualTo(404);
                assertThat(overTls(https, path).body()).contains("M_UNRECOGNIZED");
            }
        }
    }

    private HttpResponse<String> overTls(HttpClient https, String path) throws Exception {
        return https.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + federationPort + path))
                        .build(),
                BodyHandlers.ofString());
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

    @Test
    void traceIsRefusedAsMatrixSaysIt() throws Exception {
        assertThat(rawAnswer("TRACE /_matrix/client/versions"))
                .startsWith("HTTP/1.1 405 ")
                .contains("M_UNRECOGNIZED");
    }

    @Test
    void requestsOfOneTokenGoToOneInstanceAndThoseOfManyToAll() throws Exception {
        var instances = new HashSet<String>();
        for (var user = 0; user < 30; user++) {
            var first = get("/_matrix/client/v3/sync", "Authorization", "Bearer token" + user);
            assertThat(get("/_matrix/client/v3/sync?since=x", "Authorization", "Bearer token" + user)
                            .body()
                            .split(" ", -1)[0])
                    .isEqualTo(first.body().split(" ", -1)[0]);
            assertThat(get("/_matrix/client/v3/sync?access_token=token" + user, "Accept", "*/*")
                            .body()
                            .split(" ", -1)[0])
                    .isEqualTo(first.body().split(" ", -1)[0]);
            instances.add(first.body().split(" ", -1)[0]);
        }
        assertThat(instances).containsExactlyInAnyOrder(READER + "#1", READER + "#2");
    }

    @Test
    void internalPathsDoNotExist() throws Exception {
        var answer = get("/_myelin/internal/status", "Authorization", "Bearer x");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("M_UNRECOGNIZED");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void addressThatCannotBeReadIsRefusedAsMatrixSaysIt() throws Exception {
        assertThat(rawAnswer("GET /_matrix/client/%00"))
                .startsWith("HTTP/1.1 400 ")
                .contains("M_UNKNOWN")
                .contains("Access-Control-Allow-Origin: *");
    }

    @Test
    void bodyThatIsTooLargeIsRefusedAsMatrixSaysIt() throws Exception {
        var request = HttpRequest.newBuilder(uri("/_matrix/client/v3/createRoom"))
                .POST(BodyPublishers.ofByteArray(new byte[(1 << 16) + 1]))
                .build();
        var answer = HTTP.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("M_TOO_LARGE");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    }

    @Test
    void instanceThatStopsCostsNoRequest() throws Exception {
        var instance = new Instance(Component.of(WRITER), 2);
        var path = "/_matrix/client/v3/rooms/!a:b/typing/@a:b";
        for (var round = 0; round < 20; round++) {
            assertThat(post(path).statusCode()).isEqualTo(200);
        }
        component(instance).close();
        for (var round = 0; round < 50; round++) {
            assertThat(post(path).body()).startsWith(WRITER + "#1 POST");
        }
        var again = new EchoServer(
                instance.toString(), Objects.requireNonNull(ports).client(instance));
        opened.addFirst(again);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            post(path);
            return !again.requests().isEmpty();
        });
    }

    @Test
    void componentThatIsNotThereIsSaidSoAsMatrixSaysIt() throws Exception {
        var instance = new Instance(Component.of(FEDERATION), 1);
        component(instance).close();
        var answer = get("/_matrix/key/v2/server", "Accept", "*/*");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("M_UNKNOWN");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");

        var again = new EchoServer(
                instance.toString(), Objects.requireNonNull(ports).client(instance));
        components.put(instance, again);
        opened.addFirst(again);
    }

    @Test
    void connectionThatTakesTooLongIsTriedAgain() throws Exception {
        var instance = new Instance(Component.of(FEDERATION), 1);
        component(instance).close();
        var port = Objects.requireNonNull(ports).client(instance);
        try (var slow = new SlowToAccept(port)) {
            var answer = HTTP.sendAsync(
                    HttpRequest.newBuilder(uri("/_matrix/key/v2/server")).build(), BodyHandlers.ofString());
            await().pollDelay(LONGER_THAN_A_CONNECTION_MAY_TAKE).until(() -> true);
            slow.accept();

            assertThat(answer.get(30, SECONDS).statusCode()).isEqualTo(200);
        }

        var again = new EchoServer(instance.toString(), port);
        components.put(instance, again);
        opened.addFirst(again);
    }

    private EchoServer component(Instance instance) {
        var component = components.get(instance);
        assertThat(component).isNotNull();
        return Objects.requireNonNull(component);
    }

    private HttpResponse<String> get(String path, String header, String value) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).header(header, value).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + clientPort + path);
    }

    /** The answer to a request line that is sent verbatim, without a library that normalises it. */
    private String rawAnswer(String line) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return String.join(
                    "\n",
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                            .lines()
                            .toList());
        }
    }
}
