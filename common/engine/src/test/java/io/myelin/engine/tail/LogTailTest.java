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
