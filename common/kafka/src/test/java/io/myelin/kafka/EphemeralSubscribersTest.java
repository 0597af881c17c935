package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.ephemeral.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EphemeralSubscribersTest {

    private static final int SHARD = 1;
    private static final Version VERSION = new Version(1, 1);

    /** Records the values that it receives, and throws at one of them. */
    private static final class Recorder implements EphemeralSubscriber<String> {
        final List<String> told = new ArrayList<>();
        String poison = "";

        @Override
        public void changed(int shard, Version version, String value) {
            if (value.equals(poison)) {
                throw new IllegalStateException("a bug");
            }
            told.add(value);
        }

        @Override
        public void reset(int shard, Version asOf) {
            told.clear();
        }

        @Override
        public void settled(int shard) {
            told.add("settled");
        }
    }

    private final Recorder failing = new Recorder();
    private final Recorder other = new Recorder();
    private final EphemeralSubscribers<String> subscribers = new EphemeralSubscribers<>("output", 2);

    EphemeralSubscribersTest() {
        subscribers.add(failing);
        subscribers.add(other);
    }

    private void answer(long now, String... values) {
        subscribers.reset(SHARD, VERSION, now);
        for (String value : values) {
            subscribers.changed(SHARD, VERSION, value, now);
        }
        subscribers.settle(now);
    }

    @Test
    void asksForEverythingAgainWhenASubscriberThrew() {
        failing.poison = "b";

        subscribers.changed(SHARD, VERSION, "a", 0);
        subscribers.changed(SHARD, VERSION, "b", 0);

        assertThat(subscribers.failed(0)).containsExactly(SHARD);
        assertThat(other.told).containsExactly("a", "b");
    }

    @Test
    void passesOverTheValueAtWhichItThrowsAgainAndNoOther() {
        failing.poison = "b";
        subscribers.changed(SHARD, VERSION, "b", 0);
        var _ = subscribers.failed(0);

        answer(10, "a", "b", "c");

        assertThat(failing.told).containsExactly("a", "c", "settled");
        assertThat(other.told).containsExactly("a", "b", "c", "settled");
        assertThat(subscribers.failed(5_000)).isEmpty();
    }

    @Test
    void asksAtMostOnceASecond() {
        failing.poison = "b";
        subscribers.changed(SHARD, VERSION, "b", 0);
        var _ = subscribers.failed(0);
        answer(10, "b");

        subscribers.changed(SHARD, VERSION, "b", 20);

        assertThat(subscribers.failed(999)).isEmpty();
        assertThat(subscribers.failed(1_000)).containsExactly(SHARD);
    }
}
