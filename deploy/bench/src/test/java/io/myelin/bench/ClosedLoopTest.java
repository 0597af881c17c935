package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private static final Runnable NOTHING = () -> {};

    private final Deadlines deadlines = new Deadlines();

    @AfterEach
    void stopWatching() {
        deadlines.close();
    }

    @Test
    void countsOnlyWhatWasAnsweredWith200() throws Exception {
        var requests = new AtomicInteger();
        try (var server = new ScriptedServer(0, head -> switch (requests.getAndIncrement() % 3) {
            case 0 -> ScriptedServer.ok("{}");
            case 1 -> "HTTP/1.1 403 Forbidden\r\nContent-Length: 25\r\n\r\n{\"errcode\":\"M_FORBIDDEN\"}";
            default -> "HTTP/1.1 429 Slower\r\nContent-Length: 20\r\n\r\n{\"retry_after_ms\":1}";
        })) {
            var outcome = run(server, 30);
            assertThat(outcome.tally().latencies.count()).isEqualTo(15);
            assertThat(outcome.tally().errors).isEqualTo(15);
            assertThat(outcome.tally().limited).isBetween(14L, 15L);
            assertThat(outcome.tally().firstError).contains("403").contains("M_FORBIDDEN");
        }
    }

    @Test
    void endsEarlyWhereThereIsNothingLeftToDo() throws Exception {
        try (var server = new ScriptedServer(0, head -> ScriptedServer.ok("{}"))) {
            var outcome = run(server, 5);
            assertThat(outcome.tally().latencies.count()).isEqualTo(5);
            assertThat(outcome.seconds()).isLessThan(60);
        }
    }

    /** Makes {@code count} requests; all of them are in the measured time, which lasts until they are made. */
    private ClosedLoop.Outcome run(ScriptedServer server, int count) throws InterruptedException {
        var running = new AtomicReference<ClosedLoop>();
        try (var client = Client.anonymous(server.endpoint(), deadlines)) {
            var request = client.getUnversioned("/");
            var loop = new ClosedLoop(List.of(new Worker(client, number -> {
                while (!Objects.requireNonNull(running.get()).measuring()) {
                    Thread.onSpinWait();
                }
                return number < count ? request : null;
            })));
            running.set(loop);
            return loop.run(0, 60, NOTHING, NOTHING);
        }
    }
}
