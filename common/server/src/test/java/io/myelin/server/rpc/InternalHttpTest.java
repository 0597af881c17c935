package io.myelin.server.rpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.kafka.trace.Traces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InternalHttpTest {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** The time-out of a request in the JDK's client ends with the headers of the answer. */
    @Test
    @Timeout(20)
    void isNotKeptByAnInstanceThatStopsInTheMiddleOfItsAnswer() throws IOException {
        try (var server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
                var http = new InternalHttp("secret", Traces.NONE)) {
            Thread.ofVirtual().start(() -> answerHalf(server));
            URI instance = URI.create("http://127.0.0.1:" + server.getLocalPort());

            assertThatThrownBy(() -> http.post(instance, "/half", new byte[1], PATIENCE))
                    .isInstanceOf(HttpTimeoutException.class);
            assertThatThrownBy(() -> http.postAsync(instance, "/half", new byte[1], PATIENCE)
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(HttpTimeoutException.class);
        }
    }

    private static void answerHalf(ServerSocket server) {
        try {
            while (true) {
                server.accept()
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
