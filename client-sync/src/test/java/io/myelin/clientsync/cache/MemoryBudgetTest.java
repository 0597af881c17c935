package io.myelin.clientsync.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final List<String> dropped = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final MemoryBudget budget = new MemoryBudget(100, Duration.ofSeconds(60), Runnable::run, now::get);

    private void hold(String key, long weight) {
        budget.hold(key, weight, () -> dropped.add(key));
    }

    @Test
    void whatWasNotUsedForLongestMakesWay() {
        hold("old", 40);
        hold("older", 40);
        budget.touch("old");

        hold("new", 40);

        assertThat(dropped).containsExactly("older");
        assertThat(budget.used()).isEqualTo(80);
    }

    @Test
    void whatGrowsByItselfPushesOthersOut() {
        hold("small", 10);
        hold("growing", 10);

        budget.weigh("growing", 95);

        assertThat(dropped).containsExactly("small");
    }

    @Test
    void whatIsHeavierThanEverythingIsDroppedAlone() {
        hold("innocent", 50);
        hold("huge", 20);

        budget.weigh("huge", 101);

        assertThat(dropped).containsExactly("huge");
        assertThat(budget.used()).isEqualTo(50);
    }

    @Test
    void whatIsBeingLoadedCountsBeforeItIsHere() {
        hold("old", 60);

        try (MemoryBudget.Reservation space = budget.reserve(70)) {
            assertThat(dropped).containsExactly("old");
            assertThat(budget.used()).isEqualTo(70);
            space.becomes("loaded", 30, () -> dropped.add("loaded"));
        }

        assertThat(budget.used()).isEqualTo(30);
    }

    @Test
    void whatIsHeavierThanEverythingIsNeverLoaded() {
        hold("innocent", 50);

        assertThatThrownBy(() -> budget.reserve(101)).isInstanceOf(TooHeavy.class);

        assertThat(dropped).isEmpty();
    }

    @Test
    void loadsThatAreTooHeavyTogetherComeOneAfterTheOther() throws Exception {
        MemoryBudget.Reservation first = budget.reserve(70);
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> budget.reserve(70).close());
        assertThat(second).isNotDone();

        first.close();

        second.get(10, TimeUnit.SECONDS);
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatNobodyHasUsedForLongGoesThoughThereIsSpace() {
        hold("idle", 10);
        now.addAndGet(TimeUnit.SECONDS.toNanos(61));

        hold("new", 10);

        assertThat(dropped).containsExactly("idle");
    }
}
