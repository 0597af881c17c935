package io.myelin.server.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefreshedTest {

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void answersAtOnceAndKnowsSoon() {
        Refreshed<Integer> count = new Refreshed<>(looks::incrementAndGet, Duration.ofHours(1));

        assertThat(count.get(-1)).isIn(-1, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> count.get(-1) == 1);
        assertThat(looks).hasValue(1);
    }

    @Test
    void looksAgainWhenTheValueIsOld() {
        Refreshed<Integer> count = new Refreshed<>(looks::incrementAndGet, Duration.ZERO);

        await().atMost(Duration.ofSeconds(30)).until(() -> count.get(-1) >= 2);
    }

    @Test
    void keepsTheValueWhenALookFailsAndSaysSo() {
        Refreshed<Integer> count = new Refreshed<>(
                () -> {
                    if (looks.incrementAndGet() > 1) {
                        throw new IllegalStateException("the database is gone");
                    }
                    return 7;
                },
                Duration.ZERO);

        await().atMost(Duration.ofSeconds(30)).until(() -> count.get(-1) == 7 && count.isFailing(Duration.ofHours(1)));
        assertThat(count.get(-1)).isEqualTo(7);
    }

    @Test
    void saysWhenALookTakesTooLong() {
        CountDownLatch never = new CountDownLatch(1);
        Refreshed<Boolean> stuck = new Refreshed<>(
                () -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                },
                Duration.ZERO);

        assertThat(stuck.isFailing(Duration.ZERO)).isFalse();
        stuck.get(true);
        await().atMost(Duration.ofSeconds(30)).until(() -> stuck.isFailing(Duration.ofMillis(1)));
        never.countDown();
    }
}
