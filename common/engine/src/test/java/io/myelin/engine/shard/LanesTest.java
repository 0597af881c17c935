package io.myelin.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final long KILOBYTE = 1_024;
    private static final long BUDGET = 10 * KILOBYTE;

    private final RecordedEffects loads = new RecordedEffects();
    private final EntityMemory<Long> memory = new EntityMemory<>(kilobytes -> kilobytes * KILOBYTE, BUDGET);
    private final Lanes<Long> lanes = lanes(0);

    private Lanes<Long> lanes(int shard) {
        return new Lanes<>(shard, 1, loads, ShardLimits.DEFAULT, memory);
    }

    /** A command arrives, its entity is loaded, and the command leaves. */
    private static void used(Lanes<Long> lanes, String key, long kilobytes) {
        lanes.enter(List.of(key));
        lanes.loaded(key, kilobytes, 0);
        lanes.leave(List.of(key));
    }

    @Test
    void dropsTheLeastRecentlyUsedWhenAllTogetherAreTooHeavy() {
        used(lanes, "a", 4);
        used(lanes, "b", 4);
        assertThat(lanes.state("a")).isNotNull();

        used(lanes, "c", 4);

        assertThat(lanes.state("b")).isNull();
        assertThat(lanes.state("a")).isNotNull();
        assertThat(lanes.state("c")).isNotNull();
        assertThat(memory.used()).isLessThanOrEqualTo(BUDGET);
    }

    @Test
    void dropsWhatAnotherShardHasNotUsedForLongest() {
        Lanes<Long> other = lanes(1);
        used(other, "a", 6);

        used(lanes, "b", 6);

        assertThat(other.state("a")).isNull();
        assertThat(lanes.state("b")).isNotNull();
    }

    @Test
    void keepsWhatACommandStillNeeds() {
        lanes.enter(List.of("a"));
        lanes.loaded("a", 6L, 0);

        used(lanes, "b", 6);

        assertThat(lanes.state("a")).isNotNull();
        assertThat(lanes.state("b")).isNull();
    }

    @Test
    void refusesWhatIsHeavierThanTheWholeBudget() {
        lanes.enter(List.of("a"));

        assertThat(lanes.loaded("a", 11L, 0)).isFalse();

        assertThat(lanes.refusal(List.of("b", "a"))).contains("11264").contains("10240");
        assertThat(memory.used()).isLessThan(KILOBYTE);
        lanes.leave(List.of("a"));
        lanes.enter(List.of("a"));
        assertThat(loads.loads).containsExactly("a");
    }

    @Test
    void weighsWhatHasGrownAnew() {
        used(lanes, "a", 4);
        used(lanes, "b", 4);

        lanes.committed(Map.of("b", 8L));

        assertThat(lanes.state("a")).isNull();
        assertThat(lanes.state("b")).isEqualTo(8);
    }

    @Test
    void letsNobodyElseInWhileWhatIsInUseIsMoreThanTheBudget() {
        lanes.enter(List.of("a"));
        lanes.enter(List.of("b"));
        lanes.loaded("a", 6L, 0);
        lanes.loaded("b", 6L, 0);

        lanes.enter(List.of("c"));
        assertThat(loads.loads).containsExactly("a", "b");

        lanes.leave(List.of("a"));
        assertThat(loads.loads).containsExactly("a", "b", "c");
    }

    @Test
    void letsOneAfterTheOtherInWhenThatDoesNotEnd() {
        lanes.enter(List.of("a"));
        lanes.enter(List.of("b"));
        lanes.loaded("a", 6L, 0);
        lanes.loaded("b", 6L, 0);
        lanes.enter(List.of("c"));
        lanes.enter(List.of("d"));

        lanes.tick(1_000);
        lanes.tick(1_001);
        assertThat(loads.loads).containsExactly("a", "b", "c");

        lanes.tick(2_000);
        assertThat(loads.loads).containsExactly("a", "b", "c", "d");
    }

    @Test
    void loadsAtOnceWhatABrokenOffCommandNeeds() {
        lanes.enter(List.of("a"));
        lanes.enter(List.of("b"));
        lanes.loaded("a", 6L, 0);
        lanes.loaded("b", 6L, 0);

        lanes.needs(List.of("x", "y"));

        assertThat(loads.loads).containsExactly("a", "b", "x", "y");
    }

    @Test
    void loadsSoManyAtOnceAndNoMore() {
        for (int i = 0; i < EntityMemory.MOST_LOADING + 5; i++) {
            lanes.enter(List.of("key" + i));
        }
        assertThat(loads.loads).hasSize(EntityMemory.MOST_LOADING);

        lanes.loaded("key0", 0L, 0);
        lanes.loadFailed("key1", false, 1);

        assertThat(loads.loads).hasSize(EntityMemory.MOST_LOADING + 2);
    }

    @Test
    void countsWhatCannotBeLoadedUntilItIsLoaded() {
        lanes.enter(List.of("a"));
        lanes.loadFailed("a", true, 1);
        assertThat(lanes.unloadable()).isOne();

        lanes.tick(Long.MAX_VALUE / 2);
        lanes.loaded("a", 1L, 2);
        assertThat(lanes.unloadable()).isZero();
    }

    @Test
    void takesNoStateThatIsOlderThanWhatWasCommittedWhileItWasLoaded() {
        lanes.enter(List.of("a"));
        lanes.committed(Map.of("a", 2L));
        lanes.leave(List.of("a"));

        lanes.loaded("a", 1L, 0);

        assertThat(lanes.state("a")).isEqualTo(2);
    }

    @Test
    void givesBackTheMemoryOfAShardThatIsLost() {
        Lanes<Long> other = lanes(1);
        used(other, "a", 6);
        other.enter(List.of("b"));
        other.loaded("b", 6L, 0);
        lanes.enter(List.of("c"));
        lanes.loaded("c", 8L, 0);
        lanes.enter(List.of("d"));
        assertThat(loads.loads).doesNotContain("d");

        other.forget();

        assertThat(memory.used()).isLessThan(9 * KILOBYTE);
        assertThat(loads.loads).endsWith("d");
    }
}
