package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailSubscribersTest {

    private static final int SHARD = 3;

    /** Records what it receives; throws in the middle of its work at one fact. */
    private static final class Recorder implements TailSubscriber<String> {
        final List<String> told = new ArrayList<>();
        String poison = "";
        boolean resetFails;

        @Override
        public void apply(int shard, Numbered<String> fact) {
            told.add("half of " + fact.fact());
            if (fact.fact().equals(poison)) {
                throw new IllegalStateException("a bug");
            }
            told.set(told.size() - 1, fact.fact());
        }

        @Override
        public void reset(int shard, Committed position) {
            if (resetFails) {
                throw new StackOverflowError("another bug");
            }
            told.clear();
            told.add("from " + position.seq() + " of incarnation " + position.incarnation());
        }
    }

    private final Recorder failing = new Recorder();
    private final Recorder other = new Recorder();
    private final TailSubscribers<String> subscribers = new TailSubscribers<>("output");
    private final List<String> passed = new ArrayList<>();

    TailSubscribersTest() {
        subscribers.add(failing);
        subscribers.add(other);
        subscribers.reset(SHARD, new Committed(1, 0));
    }

    private void apply(long seq, String fact) {
        subscribers.apply(SHARD, new Numbered<>(seq, fact), new Committed(1, seq));
        subscribers.reached(SHARD, new Committed(1, seq));
    }

    @Test
    void beginsAnewPastTheRecordAtWhichItThrewAndHearsTheNext() {
        failing.poison = "b";

        apply(1, "a");
        apply(2, "b");
        apply(3, "c");

        assertThat(failing.told).containsExactly("from 2 of incarnation 1", "c");
    }

    @Test
    void goesOnForTheOthers() {
        failing.poison = "b";

        apply(1, "a");
        apply(2, "b");
        apply(3, "c");

        assertThat(other.told).containsExactly("from 0 of incarnation 1", "a", "b", "c");
    }

    @Test
    void letsABarrierPassOnACacheThatBeganAnew() {
        failing.poison = "a";

        apply(1, "a");
        subscribers.whenConsistent(SHARD, () -> passed.add("barrier"));

        assertThat(passed).containsExactly("barrier");
    }

    @Test
    void holdsBarriersOfTheShardBackWhileACacheIsWrong() {
        failing.poison = "a";
        failing.resetFails = true;

        apply(1, "a");
        subscribers.whenConsistent(SHARD, () -> passed.add("barrier"));
        subscribers.whenConsistent(SHARD + 1, () -> passed.add("barrier of another shard"));
        boolean repaired = subscribers.repair(SHARD, new Committed(1, 1));

        assertThat(repaired).isFalse();
        assertThat(subscribers.isConsistent(SHARD)).isFalse();
        assertThat(passed).containsExactly("barrier of another shard");
    }

    @Test
    void letsThemPassOnceTheCacheCouldBeginAnew() {
        failing.poison = "a";
        failing.resetFails = true;
        apply(1, "a");
        subscribers.whenConsistent(SHARD, () -> passed.add("barrier"));

        apply(2, "b");
        failing.resetFails = false;
        boolean repaired = subscribers.repair(SHARD, new Committed(1, 2));

        assertThat(repaired).isTrue();
        assertThat(failing.told).containsExactly("from 2 of incarnation 1");
        assertThat(passed).containsExactly("barrier");
    }
}
