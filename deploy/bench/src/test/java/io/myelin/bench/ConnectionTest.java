package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {

    private final Deadlines deadlines = new Deadlines();

    @AfterEach
    void stopWatching() {
        deadlines.close();
    }

    @Test
    void keepsOneConnectionForManyRequests() throws IOException {
        try (var server = new ScriptedServer(0, head -> ScriptedServer.ok(head.substring(0, head.indexOf(" HTTP"))));
                var connection = new Connection(server.endpoint(), deadlines)) {
            for (var number = 0; number < 3; number++) {
                var request = Request.get(server.endpoint(), "", "/" + number);
                assertThat(connection.exchange(request, 10_000).text()).isEqualTo("GET /" + number);
            }
        }
    }

    @Test
    void connectsAgainWhereTheServerHasClosedAnIdleConnection() throws IOException {
        var requests = new AtomicInteger();
        try (var server = new ScriptedServer(
                        0, head -> requests.getAndIncrement() == 1 ? ScriptedServer.CLOSE : ScriptedServer.ok("{}"));
                var connection = new Connection(server.endpoint(), deadlines)) {
            var request = Request.get(server.endpoint(), "", "/");
            connection.exchange(request, 10_000);
            assertThat(connection.exchange(request, 10_000).ok()).isTrue();
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void doesNotRepeatWhatANewConnectionRefuses() throws IOException {
        try (var server = new ScriptedServer(0, head -> ScriptedServer.CLOSE);
                var connection = new Connection(server.endpoint(), deadlines)) {
            assertThatThrownBy(() -> connection.exchange(Request.get(server.endpoint(), "", "/"), 10_000))
                    .isInstanceOf(ResponseReader.ClosedBeforeResponse.class);
        }
    }

    @Test
    void givesUpWaitingAtTheDeadline() throws IOException {
        var never = new CountDownLatch(1);
        try (var server = new ScriptedServer(0, head -> {
                    try {
                        never.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                    return ScriptedServer.CLOSE;
                });
                var connection = new Connection(server.endpoint(), deadlines)) {
            assertThatThrownBy(() -> connection.exchange(Request.get(server.endpoint(), "", "/"), 1))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            never.countDown();
        }
    }
}
