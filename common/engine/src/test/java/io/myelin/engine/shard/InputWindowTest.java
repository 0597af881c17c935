package io.myelin.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.LogPosition;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InputWindowTest {

    private static final UUID TOPIC = new UUID(1, 2);

    private final InputWindow window = new InputWindow(new LogPosition(TOPIC, 10, 3));

    @Test
    void standsAtTheFirstOffsetThatIsNotDone() {
        window.read(10, 3, "a", 1, 0);
        window.read(11, 4, "b", 1, 0);
        window.read(12, 4, "c", 1, 0);
        window.done(11);

        assertThat(window.position()).isEqualTo(new LogPosition(TOPIC, 10, 3));
        assertThat(window.positionAfter(Set.of("a"))).isEqualTo(new LogPosition(TOPIC, 12, 4));
        assertThat(window.positionAfter(Set.of("a", "c"))).isEqualTo(new LogPosition(TOPIC, 13, 4));
    }

    @Test
    void ignoresWhatItHasRead() {
        assertThat(window.read(9, 3, "old", 1, 0)).isFalse();
        assertThat(window.read(10, 3, "a", 1, 0)).isTrue();
        assertThat(window.read(10, 3, "a", 1, 0)).isFalse();
    }

    @Test
    void isFullWhenTheFirstHoldsUpTheRestForTooLong() {
        ShardLimits limits = ShardLimits.DEFAULT;
        window.read(10, 3, "a", 1, 0);
        window.read(11, 3, "b", 1, 0);
        assertThat(window.full(limits.windowMillis(), limits, _ -> false)).isFalse();

        window.done(11);
        assertThat(window.full(limits.windowMillis() - 1, limits, _ -> false)).isFalse();
        assertThat(window.full(limits.windowMillis(), limits, _ -> false)).isTrue();
    }

    @Test
    void isNotFullBecauseTheFirstWaitsForSomethingBesideTheLoop() {
        ShardLimits limits = ShardLimits.DEFAULT;
        window.read(10, 3, "a", 1, 0);
        window.read(11, 3, "b", 1, 0);
        window.done(11);
        assertThat(window.full(limits.windowMillis(), limits, "a"::equals)).isFalse();
    }

    @Test
    void isFullWhenTooManyBytesAreOpen() {
        ShardLimits limits = ShardLimits.DEFAULT;
        window.read(10, 3, "a", (int) limits.windowBytes() - 1, 0);
        assertThat(window.full(0, limits, _ -> false)).isFalse();
        window.read(11, 3, "b", 1, 0);
        assertThat(window.full(0, limits, _ -> false)).isTrue();
        window.done(10);
        assertThat(window.full(0, limits, _ -> false)).isFalse();
    }

    @Test
    void passesOverWhatIsNoCommand() {
        window.read(10, 3, "a", 1, 0);
        window.skip(11, 4);
        window.done(10);
        assertThat(window.position().nextOffset()).isEqualTo(12);
        assertThat(window.position().leaderEpoch()).isEqualTo(4);
    }
}
