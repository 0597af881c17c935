package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;

/** Bodies that come slowly or are heavy, on a server that has little time and memory for them. */
class RequestBodyTest {
    private static final String OPTIONAL = "POST /_matrix/client/v3/optional HTTP/1.1\r\nHost: localhost\r\n";
    private static final String NOWHERE = "POST /_matrix/client/v3/nowhere HTTP/1.1\r\nHost: localhost\r\n";

    private static ServletWebServerApplicationContext context;
    private static int port;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebConfiguration.class, EchoController.class})
    static class Application {
        @Bean
        ServerSettings properties() {
            return ConfigurationLoader.load(
                    new StandardEnvironment(),
                    null,
                    Map.of(
                            "limits.request-pause",
                            "300ms",
                            "limits.request-rate",
                            "1MB",
                            "limits.request-memory",
                            "1MB"));
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(Map.of("server.port", "0", "spring.main.banner-mode", "off"));
        context = (ServletWebServerApplicationContext) application.run();
        port = Objects.requireNonNull(context.getWebServer()).getPort();
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void doesNotWaitForABodyThatDoesNotCome() throws IOException {
        try (Socket socket = open()) {
            send(socket, OPTIONAL + "Content-Length: 100\r\n\r\n{");
            assertThat(answer(socket)).startsWith("HTTP/1.1 408").containsIgnoringCase("Connection: close");
        }
    }

    @Test
    void doesNotWaitForABodyThatComesByDrops() throws IOException {
        try (Socket socket = open()) {
            send(socket, OPTIONAL + "Content-Length: 100000\r\n\r\n");
            var dropping = Thread.ofVirtual().start(() -> drop(socket));
            assertThat(answer(socket)).startsWith("HTTP/1.1 408");
            dropping.interrupt();
        }
    }

    @Test
    void doesNotWaitForTheRestOfABodyThatNobodyWants() throws IOException {
        try (Socket socket = open()) {
            send(socket, NOWHERE + "Content-Length: 100\r\n\r\n{");
            assertThat(answer(socket)).startsWith("HTTP/1.1 404"); // And then the end of the connection.
        }
    }

    @Test
    void closesAConnectionWhoseHeadersDoNotEnd() throws IOException {
        try (Socket socket = open()) {
            send(socket, "GET /_matrix/client/v3/number?limit=3 HTTP/1.1\r\nHost: localhost\r\nX-Endless: ");
            var dropping = Thread.ofVirtual().start(() -> drop(socket));
            assertThat(isAtItsEnd(socket)).isTrue();
            dropping.interrupt();
        }
    }

    private static boolean isAtItsEnd(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void refusesABodyThatParsingMakesTooHeavy() throws IOException {
        String heavy = "{\"a\":[" + "0,".repeat(20_000) + "0]}";
        try (Socket socket = open()) {
            send(socket, OPTIONAL + "Connection: close\r\nContent-Length: " + heavy.length() + "\r\n\r\n" + heavy);
            assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("M_TOO_LARGE");
        }
    }

    @Test
    void takesBodiesOneAfterTheOtherForEver() throws IOException {
        String body = "{\"a\":\"" + "x".repeat(200_000) + "\"}";
        for (int i = 0; i < 10; i++) {
            try (Socket socket = open()) {
                send(socket, OPTIONAL + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            }
        }
    }

    /** Faster than a pause is allowed to be, and slower than the rate. */
    private static void drop(Socket socket) {
        try {
            while (true) {
                send(socket, " ");
                Thread.sleep(Duration.ofMillis(50));
            }
        } catch (IOException | InterruptedException answered) {
            Thread.currentThread().interrupt();
        }
    }

    private static Socket open() throws IOException {
        return new Socket("localhost", port);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Up to the end of the connection. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
