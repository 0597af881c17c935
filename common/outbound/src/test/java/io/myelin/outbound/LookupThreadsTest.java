package io.myelin.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookupThreadsTest {
    private static final List<InetSocketAddress> FOUND = List.of(InetSocketAddress.createUnresolved("a.test", 1));

    private final CountDownLatch silence = new CountDownLatch(1);
    private final LookupThreads threads = new LookupThreads(Duration.ofMinutes(1), 1, 1);

    @AfterEach
    void close() {
        silence.countDown();
        threads.close();
    }

    @Test
    void looksUpOnThreadsOfItsOwn() throws Exception {
        var onWhich = new CompletableFuture<Thread>();
        assertThat(start(threads, () -> {
                            onWhich.complete(Thread.currentThread());
                            return FOUND;
                        })
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo(FOUND);
        assertThat(onWhich.join().isVirtual()).isFalse();
    }

    @Test
    void refusesAtOnceWhatFindsTooManyWaiting() {
        start(threads, this::silent);
        start(threads, this::silent);
        assertFails(start(threads, () -> FOUND), "too many");
    }

    @Test
    void looksNothingUpThatHasWaitedTooLong() {
        try (var impatient = new LookupThreads(Duration.ZERO, 1, 10)) {
            assertFails(start(impatient, () -> FOUND), "in time");
        }
    }

    private List<InetSocketAddress> silent() throws UnknownHostException {
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException("silent.test");
    }

    private static CompletableFuture<List<InetSocketAddress>> start(
            LookupThreads threads, LookupThreads.Lookup lookup) {
        var answer = new CompletableFuture<List<InetSocketAddress>>();
        threads.start("a.test", lookup, Promise.from(answer::complete, answer::completeExceptionally));
        return answer;
    }

    private static void assertFails(CompletableFuture<?> answer, String why) {
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining(why);
    }
}
