package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
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

/** Slow and large bodies, on a server that has little time and memory for them. */
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
        CurrentSettings currentSettings(ServerSettings properties) {
            return CurrentSettings.of(properties);
        }

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
            char first = (char) firstByteWhileDropping(socket);
            assertThat(first + answer(socket)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void doesNotWaitForTheRestOfABodyThatNobodyWants() throws IOException {
        try (Socket socket = open()) {
            send(socket, NOWHERE + "Content-Length: 100\r\n\r\n{");
            assertThat(answer(socket)).startsWith("HTTP/1.1 404"); // Then the connection ends.
        }
    }

    @Test
    void closesAConnectionWhoseHeadersDoNotEnd() throws IOException {
        try (Socket socket = open()) {
            send(socket, "GET /_matrix/client/v3/number?limit=3 HTTP/1.1\r\nHost: localhost\r\nX-Endless: ");
            assertThat(isClosedWhileDropping(socket)).isTrue();
        }
    }

    private static boolean isClosedWhileDropping(Socket socket) {
        try {
            return firstByteWhileDropping(socket) < 0;
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

    /** Sends a byte whenever the server has been silent for 50 ms, which is faster than the longest pause and slower than the rate. */
    private static int firstByteWhileDropping(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        while (true) {
            try {
                int first = socket.getInputStream().read();
                socket.setSoTimeout(0);
                return first;
            } catch (SocketTimeoutException silence) {
                send(socket, " ");
            }
        }
    }

    private static Socket open() throws IOException {
        return new Socket("localhost", port);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads up to the end of the connection. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
