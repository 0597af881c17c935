package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.session.AccessToken;
import io.myelin.web.session.Authenticator;
import io.myelin.web.session.SessionsOfOneUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;

/** The web layer with the {@link EchoController}, on a port of its own, and requests to it. */
final class RunningWebLayer implements AutoCloseable {
    private static final ServerName SERVER = ServerName.parse("localhost");

    /** The access token of a member. */
    static final String ALICE = token("alice", 1);

    /** The access token of a guest. */
    static final String GUEST = token("guest", 2);

    /** What other processes of the server know. */
    static final String SECRET = "knock";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ServletWebServerApplicationContext context;
    private final AtomicInteger internalPort;

    RunningWebLayer() {
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(Map.of("server.port", "0", "spring.main.banner-mode", "off"));
        context = (ServletWebServerApplicationContext) application.run();
        internalPort = context.getBean(AtomicInteger.class);
        internalPort.set(port());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebConfiguration.class, EchoController.class, EchoController.Hidden.class})
    static class Application {
        @Bean
        CurrentSettings currentSettings(ServerSettings properties) {
            return CurrentSettings.of(properties);
        }

        @Bean
        ServerSettings properties() {
            return ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("limits.request-size", "64KB"));
        }

        @Bean
        Authenticator authenticator() {
            SessionsOfOneUser accounts = new SessionsOfOneUser();
            accounts.add(hash(ALICE), new Session(UserId.of("alice", SERVER), "PHONE", false, false, 1));
            accounts.add(hash(GUEST), new Session(UserId.of("guest", SERVER), "WEB", false, true, 2));
            return new Authenticator(SERVER, 16, accounts, _ -> CompletableFuture.completedFuture(null));
        }

        @Bean
        AtomicInteger internalPort() {
            return new AtomicInteger();
        }

        @Bean
        InternalListener internalListener(AtomicInteger internalPort) {
            return new InternalListener(internalPort::get, SECRET);
        }
    }

    /** The port that answers to everything. */
    int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** Lets requests to internal controllers in on another port only. */
    void moveInternalControllersTo(int otherPort) {
        internalPort.set(otherPort);
    }

    @Override
    public void close() {
        context.close();
    }

    record Answer(HttpResponse<byte[]> response) {
        JsonObject ok() {
            assertThat(response.statusCode()).as(text()).isEqualTo(200);
            return JsonParser.parseObject(response.body());
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        void isRefused(int status, String errcode) {
            assertThat(response.statusCode()).as(text()).isEqualTo(status);
            JsonObject body = JsonParser.parseObject(response.body());
            assertThat(body.string("errcode")).contains(errcode);
            assertThat(body.string("error")).isPresent();
            assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        }
    }

    Answer request(String method, String path, @Nullable String body) {
        return send(builder(path)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The whole answer to bytes that need not be a request. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String token(String localpart, int seed) {
        return AccessToken.make(UserId.of(localpart, SERVER), new Random(seed)).text();
    }

    private static byte[] hash(String token) {
        return AccessToken.parse(token, SERVER).orElseThrow().hash();
    }
}
