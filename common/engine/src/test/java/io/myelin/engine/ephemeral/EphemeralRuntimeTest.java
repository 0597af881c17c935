package io.myelin.engine.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.LogPosition;
import io.myelin.engine.ownership.Balance;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.ShardRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * When an owner publishes values, stores states and forgets keys. The simulation waits for results, so it cannot see these
 * times.
 */
class EphemeralRuntimeTest {

    private static final int SHARD = 0;
    private static final long EPOCH = (1L << 40) + 7;
    private static final EphemeralLimits LIMITS =
            new EphemeralLimits(500, 300, 3, 1_000, 2_000, 5_000, 10_000, 2, 2_000);

    /** Sets a key to a text; the empty text is blank. */
    private record Said(String key, String text) {}

    private static final class Texts implements EphemeralRules<Said, String, String> {
        @Override
        public String key(Said input) {
            return input.key();
        }

        @Override
        public String initial(String key) {
            return "";
        }

        @Override
        public String receive(String state, Said input, long at, long now) {
            return input.text();
        }

        @Override
        public String timePasses(String state, long now) {
            return state.equals("until 700") && now >= 700 ? "" : state;
        }

        @Override
        public long dueAt(String state) {
            return state.equals("until 700") ? 700 : Long.MAX_VALUE;
        }

        @Override
        public String show(String state, @Nullable String shown, long now) {
            return state;
        }

        @Override
        public boolean isBlank(String state) {
            return state.isEmpty();
        }

        @Override
        public boolean isWorthKeeping(@Nullable String kept, String state) {
            return state.startsWith("keep") && !state.equals(kept);
        }
    }

    private final NotedValues noted = new NotedValues();
    private final List<String> effects = noted.effects;
    private final EphemeralRuntime<Said, String, String> runtime =
            new EphemeralRuntime<>(1, new Texts(), noted, noted, LIMITS);

    private List<String> effects() {
        List<String> since =
                effects.stream().filter(effect -> !effect.equals("look")).toList();
        effects.clear();
        return since;
    }

    private void claim() {
        runtime.tick(0);
        ShardRow row = new ShardRow(SHARD, 7, 0, 0, 0, 1, LogPosition.START);
        runtime.ownership().looked(noted.life, new OwnerScan(List.of(row), new Balance(1, 1, true, 0, 0)), 0);
    }

    /** The runtime owns the shard, and its first mark has been published. */
    private void owns() {
        claim();
        runtime.loaded(SHARD, EPOCH, Map.of(), 0);
        runtime.published(SHARD, new Version(EPOCH, 0), 0);
        effects.clear();
    }

    private void says(long now, Said... said) {
        List<Input<Said>> inputs = new ArrayList<>();
        for (Said each : said) {
            inputs.add(new Input<>(now, each));
        }
        runtime.polled(SHARD, inputs, now);
    }

    private void allPublished(long now, int count) {
        for (int each = 0; each < count; each++) {
            runtime.published(SHARD, noted.last.version(), now);
        }
    }

    @Test
    void beginsWithAMarkAndReadsItsInput() {
        claim();
        assertThat(effects()).containsExactly("load");
        assertThat(runtime.ownership().owned()).isEmpty();
        says(0, new Said("a", "too early"));

        runtime.loaded(SHARD, EPOCH, Map.of("a", "kept", "b", ""), 0);

        assertThat(effects()).containsExactly("mark 0", "read");
        assertThat(runtime.ownership().owned()).containsExactly(SHARD);
        assertThat(runtime.ownership().allOwned()).isTrue();
        assertThat(runtime.values(SHARD).orElseThrow().values())
                .containsExactly(new Versioned<>(new Version(EPOCH, 0), "kept"));
    }

    @Test
    void loadsAgainAfterAFailure() {
        claim();
        effects.clear();

        runtime.loadFailed(SHARD, EPOCH, 100);
        runtime.tick(399);
        assertThat(effects()).isEmpty();
        runtime.tick(400);
        runtime.tick(500);
        assertThat(effects()).containsExactly("load");
    }

    @Test
    void looksAtOnceWhenSomethingMoved() {
        owns();
        runtime.tick(500);
        runtime.ownership().looked(noted.life, new OwnerScan(List.of(), new Balance(1, 1, true, 0, 0)), 500);
        effects.clear();

        runtime.ownership().lookForShards(501);

        assertThat(effects).containsExactly("look");
    }

    @Test
    void publishesAChangeAtOnceAndWhatIsTheSameNever() {
        owns();

        says(10, new Said("a", "one"), new Said("b", "two"));
        says(11, new Said("a", "one"));

        assertThat(effects()).containsExactly("one as 1", "two as 2");
        assertThat(runtime.values(SHARD, "b").orElseThrow())
                .isEqualTo(new ShardValues<>(
                        new Version(EPOCH, 2), List.of(new Versioned<>(new Version(EPOCH, 2), "two"))));
        assertThat(runtime.values(SHARD, "c").orElseThrow().values()).isEmpty();
    }

    @Test
    void sendsNoMoreAtOnceThanItMay() {
        owns();
        says(10, new Said("a", "1"), new Said("b", "2"), new Said("c", "3"), new Said("d", "4"), new Said("e", "5"));
        assertThat(effects()).containsExactly("1 as 1", "2 as 2", "3 as 3");

        allPublished(20, 1);
        runtime.tick(30);

        assertThat(effects()).containsExactly("4 as 4");
    }

    @Test
    void afterAFailureAMarkProbesAndThenTheNewestFollows() {
        owns();
        says(10, new Said("a", "old"));
        runtime.publishFailed(SHARD, noted.last, 100);
        says(150, new Said("a", "new"), new Said("b", "other"));
        effects.clear();

        runtime.tick(399);
        assertThat(effects()).isEmpty();
        runtime.tick(400);
        assertThat(effects()).containsExactly("mark 3");
        runtime.tick(1_000);
        assertThat(effects()).isEmpty();
        allPublished(1_010, 1);
        runtime.tick(1_020);

        assertThat(effects()).containsExactly("new as 2", "other as 3");
    }

    @Test
    void sendsAgainWhatFailedAndIsStillTheNewest() {
        owns();
        says(10, new Said("a", "one"));
        runtime.publishFailed(SHARD, noted.last, 100);
        runtime.tick(400);
        allPublished(410, 1);
        effects.clear();

        runtime.tick(420);

        assertThat(effects()).containsExactly("one as 1");
    }

    @Test
    void marksWhereItIsWhenItIsQuietAndLessAndLessOften() {
        owns();
        long now = 0;
        for (long pause : new long[] {2_000, 4_000, 5_000, 5_000}) {
            runtime.tick(now + pause - 1);
            assertThat(effects()).isEmpty();
            now += pause;
            runtime.tick(now);
            assertThat(effects()).containsExactly("mark 0");
            allPublished(now, 1);
        }
        says(now + 10, new Said("a", "one"));
        allPublished(now + 10, 1);
        effects.clear();

        runtime.tick(now + 2_009);
        assertThat(effects()).isEmpty();
        runtime.tick(now + 2_010);
        assertThat(effects()).containsExactly("mark 1");
    }

    @Test
    void whatTimesOutIsShownToHaveEndedAndForgottenLater() {
        owns();
        says(10, new Said("a", "until 700"));
        allPublished(10, 1);
        effects.clear();

        runtime.tick(699);
        assertThat(effects()).isEmpty();
        runtime.tick(700);
        assertThat(effects()).containsExactly(" as 2");
        allPublished(700, 1);
        runtime.tick(1_699);
        assertThat(runtime.values(SHARD).orElseThrow().values()).hasSize(1);
        runtime.tick(1_700);
        assertThat(runtime.values(SHARD).orElseThrow().values()).isEmpty();
    }

    @Test
    void isNotForgottenIfItComesBack() {
        owns();
        says(10, new Said("a", "one"));
        says(20, new Said("a", ""));
        says(500, new Said("a", "two"));
        says(900, new Said("a", ""));
        runtime.tick(1_899);
        assertThat(runtime.values(SHARD).orElseThrow().values()).hasSize(1);
    }

    @Test
    void ofWhatWasNeverShownNothingStays() {
        owns();
        says(10, new Said("a", ""));
        assertThat(effects()).isEmpty();
        assertThat(runtime.values(SHARD).orElseThrow().values()).isEmpty();
    }

    @Test
    void writesDownSeldomAndNoMoreAtOnceThanItMay() {
        owns();
        says(10, new Said("a", "keep 1"), new Said("b", "keep 2"), new Said("c", "keep 3"));
        allPublished(10, 3);
        effects.clear();
        runtime.tick(9_999);
        assertThat(effects()).noneMatch(effect -> effect.startsWith("keep"));

        runtime.tick(10_000);
        assertThat(effects()).contains("keep {a=keep 1, b=keep 2}");
        runtime.kept(SHARD, EPOCH, 10_010);
        runtime.tick(10_020);
        assertThat(effects()).contains("keep {c=keep 3}");
        runtime.kept(SHARD, EPOCH, 10_030);
        runtime.tick(40_000);

        assertThat(effects()).noneMatch(effect -> effect.startsWith("keep"));
    }

    @Test
    void writesDownAgainSoonAfterAFailure() {
        owns();
        says(10, new Said("a", "keep 1"));
        runtime.tick(10_000);
        effects.clear();

        runtime.keepFailed(SHARD, EPOCH, 10_500);
        runtime.tick(11_499);
        assertThat(effects()).noneMatch(effect -> effect.startsWith("keep"));
        runtime.tick(11_500);

        assertThat(effects()).contains("keep {a=keep 1}");
    }

    @Test
    void isNotForgottenBeforeItIsWrittenDown() {
        owns();
        says(10, new Said("a", "keep 1"));
        runtime.tick(10_000);
        says(10_010, new Said("a", ""));
        allPublished(10_020, 2);
        runtime.tick(11_010);
        assertThat(runtime.values(SHARD).orElseThrow().values()).hasSize(1);

        runtime.kept(SHARD, EPOCH, 11_020);

        assertThat(runtime.values(SHARD).orElseThrow().values()).isEmpty();
    }

    @Test
    void leavesWhenWhatItSaidIsOutAndWrittenDown() {
        owns();
        says(10, new Said("a", "keep 1"), new Said("b", "keep 2"), new Said("c", "keep 3"));
        effects.clear();

        runtime.ownership().leave(20);
        assertThat(effects()).containsExactly("keep {a=keep 1, b=keep 2}");
        assertThat(runtime.ownership().owned()).isEmpty();
        says(25, new Said("d", "too late"));
        runtime.kept(SHARD, EPOCH, 30);
        assertThat(effects()).containsExactly("keep {c=keep 3}");
        runtime.kept(SHARD, EPOCH, 40);
        allPublished(50, 2);
        assertThat(effects()).isEmpty();
        allPublished(60, 1);

        assertThat(effects()).containsExactly("release");
        runtime.ownership().released(SHARD, 7, 70);
        assertThat(runtime.ownership().hasLeft()).isTrue();
    }

    @Test
    void leavesInTheEndThoughSomethingIsStillUnderWay() {
        owns();
        says(10, new Said("a", "one"));
        runtime.ownership().leave(20);
        runtime.tick(2_019);
        assertThat(effects()).doesNotContain("release");

        runtime.tick(2_020);

        assertThat(effects()).containsExactly("release");
    }

    @Test
    void leavesAfterAFailureTooOnceNothingIsUnderWay() {
        owns();
        says(10, new Said("a", "one"));
        runtime.ownership().leave(20);
        effects.clear();

        runtime.publishFailed(SHARD, noted.last, 30);

        assertThat(effects()).containsExactly("release");
    }

    @Test
    void ownsNothingAfterItLostItsLease() {
        owns();
        runtime.ownership().leaseLost();
        assertThat(runtime.ownership().owned()).isEmpty();
        assertThat(runtime.values(SHARD)).isEmpty();
    }
}
