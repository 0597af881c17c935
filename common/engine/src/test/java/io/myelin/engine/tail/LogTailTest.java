package io.myelin.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTailTest {

    private final List<String> effects = new ArrayList<>();
    private final LogTail<String> tail = new LogTail<>(1, new Noted(), new TailLimits(3, 50, 100));

    /** Simulation, seed 1685542: 1 is superseded by 4, and a reader at 2 saw neither. */
    @Test
    void whatAReplayBringsCountsWhenItIsComplete() {
        stands(0);
        hole();

        tail.replayed(0, new ReplayPage<>(1, List.of(fact(2), fact(3)), 3, 4), 0);
        assertThat(effects).containsExactly("replay after 0", "replay after 3");
        assertThat(tail.position(0)).isEqualTo(new Committed(1, 0));

        tail.replayed(0, new ReplayPage<>(1, List.of(fact(4)), 4, 4), 0);
        assertThat(effects.subList(2, effects.size()))
                .containsExactly("apply 2", "apply 3", "apply 4", "apply 5", "reached 5");
    }

    @Test
    void aTailThatIsTooFarBehindBeginsAnewAtTheEnd() {
        stands(0);
        hole();

        tail.replayed(0, new ReplayPage<>(1, List.of(fact(1), fact(2), fact(3)), 3, 9), 0);
        tail.tick(0);
        tail.answered(0, new Committed(1, 9), 0);

        assertThat(effects).startsWith("replay after 0", "ask", "reset to 9", "reached 9");
        assertThat(effects).noneMatch(effect -> effect.startsWith("apply"));
    }

    @Test
    void hasStartedWhenItHasAskedWhatIsCommitted() {
        tail.start(0);
        assertThat(effects).containsExactly("ask");
        assertThat(tail.hasStarted()).isFalse();
        effects.clear();

        tail.answered(0, new Committed(1, 7), 0);

        assertThat(effects).containsExactly("reset to 7", "reached 7", "reached 7");
        assertThat(tail.hasStarted()).isTrue();
        assertThat(tail.position(0)).isEqualTo(new Committed(1, 7));
    }

    @Test
    void keepsWhatComesBeforeTheAnswerAndAppliesWhatItLacks() {
        tail.start(0);
        tail.polled(0, List.of(new OutputRecord<>(1, fact(6)), new OutputRecord<>(1, fact(7))), 0);
        effects.clear();

        tail.answered(0, new Committed(1, 6), 0);

        assertThat(effects).startsWith("reset to 6", "apply 7", "reached 7");
    }

    @Test
    void readsAgainWhatItCouldNotKeep() {
        tail.start(0);
        tail.polled(
                0,
                List.of(
                        new OutputRecord<>(1, fact(1)),
                        new OutputRecord<>(1, fact(2)),
                        new OutputRecord<>(1, fact(3)),
                        new OutputRecord<>(1, fact(4))),
                0);
        effects.clear();

        tail.answered(0, new Committed(1, 0), 0);

        assertThat(effects)
                .contains("apply 1", "apply 2", "apply 3", "replay after 3")
                .doesNotContain("apply 4");
    }

    @Test
    void asksAgainInALaterIncarnation() {
        stands(5);

        tail.polled(0, List.of(new OutputRecord<>(2, fact(3))), 0);
        assertThat(effects).containsExactly("ask");
        tail.answered(0, new Committed(2, 2), 0);

        assertThat(effects).contains("reset to 2", "apply 3");
        assertThat(tail.position(0)).isEqualTo(new Committed(2, 3));
    }

    @Test
    void takesNoAnswerOfAnEarlierIncarnation() {
        tail.start(0);
        tail.answered(0, new Committed(2, 5), 0);
        tail.await(0, 1, 0);
        effects.clear();

        tail.answered(0, new Committed(1, 9), 10);
        assertThat(effects).isEmpty();
        tail.tick(109);
        assertThat(effects).isEmpty();
        tail.tick(110);

        assertThat(effects).containsExactly("ask");
    }

    @Test
    void aBarrierAsksAtOnceAndPassesWithWhatWasCommitted() {
        stands(5);

        tail.await(0, 1, 0);
        assertThat(effects).containsExactly("ask");
        tail.answered(0, new Committed(1, 6), 0);
        assertThat(effects).doesNotContain("passed 1");
        tail.polled(0, List.of(new OutputRecord<>(1, fact(6))), 0);

        assertThat(effects).endsWith("apply 6", "reached 6", "passed 1");
    }

    @Test
    void whoComesWhileAQuestionIsUnderWaySharesTheNext() {
        stands(5);
        tail.await(0, 1, 0);
        tail.await(0, 2, 0);
        tail.await(0, 3, 0);
        assertThat(effects).containsExactly("ask");
        effects.clear();

        tail.answered(0, new Committed(1, 5), 0);
        assertThat(effects).containsExactly("reached 5", "passed 1", "ask");
        tail.answered(0, new Committed(1, 5), 0);

        assertThat(effects).endsWith("passed 2", "passed 3");
    }

    @Test
    void whoSharedAQuestionThatFailedSharesTheNext() {
        stands(5);
        tail.await(0, 1, 0);
        effects.clear();

        tail.askFailed(0, 0);
        tail.tick(99);
        assertThat(effects).isEmpty();
        tail.tick(100);
        tail.answered(0, new Committed(1, 5), 100);

        assertThat(effects).contains("ask", "passed 1");
    }

    @Test
    void whoWaitsNoMoreIsNotTold() {
        stands(5);
        tail.await(0, 1, 0);
        tail.answered(0, new Committed(1, 6), 0);
        tail.awaitPosition(0, 6, 2, 0);
        tail.abandon(0, 1);
        tail.abandon(0, 2);

        tail.polled(0, List.of(new OutputRecord<>(1, fact(6))), 0);

        assertThat(effects).noneMatch(effect -> effect.startsWith("passed"));
    }

    @Test
    void letsOneWaitForAPosition() {
        stands(5);
        tail.awaitPosition(0, 5, 1, 0);
        assertThat(effects).contains("passed 1");
        tail.awaitPosition(0, 6, 2, 0);
        assertThat(effects).doesNotContain("passed 2");
        tail.polled(0, List.of(new OutputRecord<>(1, fact(6))), 0);
        assertThat(effects).contains("passed 2");
    }

    @Test
    void nobodyWaitsForANumberThatWasTakenBack() {
        stands(5);
        tail.awaitPosition(0, 9, 1, 0);
        tail.polled(0, List.of(new OutputRecord<>(2, fact(4))), 0);
        tail.answered(0, new Committed(2, 4), 0);
        assertThat(effects).contains("passed 1");
    }

    @Test
    void aTailThatStandsStillIsHelpedByReplayWhileSomebodyWaits() {
        stands(5);
        tail.tick(1_000);
        assertThat(effects).isEmpty();

        tail.awaitPosition(0, 6, 1, 1_000);
        effects.clear();
        tail.tick(1_049);
        assertThat(effects).isEmpty();
        tail.tick(1_050);
        assertThat(effects).containsExactly("replay after 5");
        tail.replayed(0, new ReplayPage<>(1, List.of(fact(6)), 6, 6), 1_060);

        assertThat(effects).endsWith("apply 6", "reached 6", "passed 1");
    }

    @Test
    void aTailThatMovesIsNotHelped() {
        stands(5);
        tail.awaitPosition(0, 9, 1, 1_000);
        tail.polled(0, List.of(new OutputRecord<>(1, fact(6))), 1_040);
        effects.clear();

        tail.tick(1_089);
        assertThat(effects).isEmpty();
        tail.tick(1_090);
        assertThat(effects).containsExactly("replay after 6");
    }

    @Test
    void aReplayThatFailedIsAskedForAgain() {
        stands(0);
        hole();
        effects.clear();

        tail.replayFailed(0, 0);
        tail.tick(99);
        assertThat(effects).isEmpty();
        tail.tick(100);

        assertThat(effects).containsExactly("replay after 0");
    }

    @Test
    void aReplayOfALaterIncarnationMakesItAsk() {
        stands(0);
        hole();
        effects.clear();

        tail.replayed(0, new ReplayPage<>(2, List.of(), 0, 0), 0);

        assertThat(effects).containsExactly("ask");
    }

    @Test
    void aReplayFromWhereItStoodBeforeChangesNothing() {
        stands(0);
        hole();
        tail.polled(0, List.of(new OutputRecord<>(2, fact(1))), 0);
        tail.start(0);
        tail.answered(0, new Committed(2, 1), 0);
        effects.clear();

        tail.replayed(0, new ReplayPage<>(1, List.of(fact(1), fact(2)), 4, 4), 0);

        assertThat(effects).noneMatch(effect -> effect.startsWith("apply"));
        assertThat(tail.position(0)).isEqualTo(new Committed(2, 1));
    }

    private void stands(long seq) {
        tail.start(0);
        tail.tick(0);
        tail.answered(0, new Committed(1, seq), 0);
        effects.clear();
    }

    private void hole() {
        tail.polled(0, List.of(new OutputRecord<>(1, fact(5))), 0);
    }

    private static Numbered<String> fact(long seq) {
        return new Numbered<>(seq, "fact");
    }

    private final class Noted implements TailEffects<String> {

        @Override
        public void ask(int shard) {
            effects.add("ask");
        }

        @Override
        public void replay(int shard, long after) {
            effects.add("replay after " + after);
        }

        @Override
        public void apply(int shard, Numbered<String> fact) {
            effects.add("apply " + fact.seq());
        }

        @Override
        public void reset(int shard, Committed position) {
            effects.add("reset to " + position.seq());
        }

        @Override
        public void reached(int shard, long seq) {
            effects.add("reached " + seq);
        }

        @Override
        public void passed(long ticket) {
            effects.add("passed " + ticket);
        }
    }
}
