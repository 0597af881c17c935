package io.myelin.engine.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When a tail of values asks the owner, and which values it reports meanwhile. The simulation waits for results, so it
 * cannot see these times.
 */
class ValueTailTest {

    private static final int SHARD = 0;

    private final List<String> effects = new ArrayList<>();
    private final ValueTail<String> tail = new ValueTail<>(
            1,
            value -> value.substring(0, 1),
            new ValueTailEffects<>() {
                @Override
                public void ask(int shard) {
                    effects.add("ask");
                }

                @Override
                public void changed(int shard, Version version, String value) {
                    effects.add(value + " of " + version.epoch() + "." + version.n());
                }

                @Override
                public void reset(int shard, Version asOf) {
                    effects.add("reset to " + asOf.epoch() + "." + asOf.n());
                }
            },
            ValueTailLimits.DEFAULT);

    private List<String> effects() {
        List<String> since = List.copyOf(effects);
        effects.clear();
        return since;
    }

    private void hears(long epoch, long n, String value, long now) {
        tail.polled(SHARD, List.of(new Publication.Value<>(new Version(epoch, n), value.substring(0, 1), value)), now);
    }

    private void hearsMark(long epoch, long n, long now) {
        tail.polled(SHARD, List.of(new Publication.Mark<>(new Version(epoch, n))), now);
    }

    @SafeVarargs
    private void answered(long now, long epoch, long n, Versioned<String>... values) {
        tail.answered(SHARD, new ShardValues<>(new Version(epoch, n), List.of(values)), now);
    }

    private static Versioned<String> value(long epoch, long n, String value) {
        return new Versioned<>(new Version(epoch, n), value);
    }

    /** The tail is at version 1.3, received at time 10. */
    private void stands() {
        tail.start(SHARD, 0);
        answered(10, 1, 3, value(1, 2, "a1"));
        effects.clear();
    }

    @Test
    void asksAtItsStartAndHasStartedWithTheAnswer() {
        tail.start(SHARD, 0);
        assertThat(effects()).containsExactly("ask");
        assertThat(tail.hasStarted()).isFalse();

        answered(10, 1, 3, value(1, 2, "a1"));

        assertThat(effects()).containsExactly("reset to 1.3", "a1 of 1.2");
        assertThat(tail.hasStarted()).isTrue();
        assertThat(tail.position(SHARD)).isEqualTo(new Version(1, 3));
    }

    @Test
    void tellsTheNextOnceAndAsksNobody() {
        stands();

        hears(1, 4, "a2", 20);
        hears(1, 4, "a2", 20);
        hears(1, 2, "a1", 20);
        hearsMark(1, 4, 20);
        tail.tick(20);

        assertThat(effects()).containsExactly("a2 of 1.4");
    }

    @Test
    void asksWhenANumberIsMissing() {
        stands();
        hears(1, 5, "b1", 20);
        assertThat(effects()).containsExactly("ask", "b1 of 1.5");
    }

    @Test
    void asksWhenAMarkIsAheadOfIt() {
        stands();
        hearsMark(1, 4, 20);
        assertThat(effects()).containsExactly("ask");
    }

    @Test
    void asksALaterOwnerAndHearsNoEarlierOne() {
        stands();

        hears(2, 1, "b1", 20);
        hears(1, 9, "c1", 20);

        assertThat(effects()).containsExactly("ask", "b1 of 2.1");
        assertThat(tail.position(SHARD)).isEqualTo(new Version(2, 1));
    }

    @Test
    void takesNoAnswerThatIsOlderThanItsDoubt() {
        stands();
        hears(1, 6, "b1", 20);
        effects.clear();

        answered(30, 1, 5, value(1, 5, "c1"));
        assertThat(effects()).isEmpty();
        tail.tick(229);
        assertThat(effects()).isEmpty();
        tail.tick(230);
        assertThat(effects()).containsExactly("ask");

        answered(240, 1, 6, value(1, 5, "c1"), value(1, 6, "b1"));
        assertThat(effects()).containsExactly("reset to 1.6", "c1 of 1.5", "b1 of 1.6");
    }

    @Test
    void tellsWhatCameSinceAgainAfterTheAnswer() {
        stands();
        hears(1, 6, "b1", 20);
        hears(1, 7, "a2", 21);
        effects.clear();

        answered(30, 1, 6, value(1, 2, "a1"), value(1, 6, "b1"));

        assertThat(effects()).containsExactly("reset to 1.6", "b1 of 1.6", "a2 of 1.7");
        hears(1, 8, "c1", 40);
        assertThat(effects()).containsExactly("c1 of 1.8");
    }

    @Test
    void forgetsAfterAnAnswerWhatItHadHeardSince() {
        stands();
        hears(1, 6, "b1", 20);
        hears(1, 7, "a2", 21);
        answered(30, 1, 6);
        hears(1, 9, "c1", 40);
        effects.clear();

        answered(50, 1, 9, value(1, 8, "a3"), value(1, 9, "c1"));

        assertThat(effects()).containsExactly("reset to 1.9", "a3 of 1.8", "c1 of 1.9");
    }

    @Test
    void asksAgainWithPausesThatDouble() {
        tail.start(SHARD, 0);
        effects.clear();
        long now = 0;
        for (long pause : new long[] {200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
            tail.askFailed(SHARD, now);
            tail.tick(now + pause - 1);
            assertThat(effects()).isEmpty();
            now += pause;
            tail.tick(now);
            assertThat(effects()).containsExactly("ask");
            tail.tick(now);
            assertThat(effects()).isEmpty();
        }
    }

    @Test
    void waitsBeforeItAsksWhateverElseItMisses() {
        tail.start(SHARD, 0);
        tail.askFailed(SHARD, 0);
        effects.clear();

        tail.placeLost(SHARD, 199);
        assertThat(effects()).isEmpty();
        tail.placeLost(SHARD, 200);
        assertThat(effects()).containsExactly("ask");
    }

    @Test
    void takesNoAnswerToAQuestionFromBeforeItLostItsPlace() {
        stands();
        tail.placeLost(SHARD, 20);
        tail.placeLost(SHARD, 25);
        assertThat(effects()).containsExactly("ask");

        answered(30, 1, 3);
        assertThat(effects()).containsExactly("ask");

        answered(40, 1, 3);
        assertThat(effects()).containsExactly("reset to 1.3");
    }

    @Test
    void asksASilentOwnerWhetherItIsThere() {
        stands();

        tail.tick(150_009);
        assertThat(effects()).isEmpty();
        tail.tick(150_010);
        assertThat(effects()).containsExactly("ask");
    }

    @Test
    void doesNotAskAnOwnerWhoWasHeard() {
        stands();
        hearsMark(1, 3, 100_000);

        tail.tick(249_999);
        assertThat(effects()).isEmpty();
        tail.tick(250_000);
        assertThat(effects()).containsExactly("ask");
    }

    @Test
    void voidsWhatIsInDoubtWhenNobodyAnswers() {
        stands();
        hears(1, 6, "b1", 1_000);
        hears(1, 8, "c1", 3_000);
        effects.clear();
        tail.askFailed(SHARD, 1_000);
        tail.tick(5_999);
        effects.clear();

        tail.tick(6_000);
        assertThat(effects()).containsExactly("reset to 1.3", "b1 of 1.6", "c1 of 1.8");
        tail.tick(6_001);
        assertThat(effects()).isEmpty();
    }

    @Test
    void voidsNothingBeforeItHasStarted() {
        tail.start(SHARD, 0);
        effects.clear();
        tail.tick(10_000);
        assertThat(effects()).isEmpty();
    }
}
