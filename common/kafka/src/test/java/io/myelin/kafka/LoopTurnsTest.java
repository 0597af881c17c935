package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopTurnsTest {
    private final LoopTurns turns = new LoopTurns();

    @Test
    void noLoopStandsWhileAllTurn() {
        turns.begin("The tail of facts").turn();

        assertThat(turns.standing(System.nanoTime())).isNull();
    }

    @Test
    void namesTheLoopThatHasNotTurnedForAMinute() {
        LoopTurns.Loop busy = turns.begin("The loop of room");
        turns.begin("The tail of facts");
        long aMinuteLater =
                System.nanoTime() + LoopTurns.PATIENCE.plusSeconds(1).toNanos();

        assertThat(turns.standing(aMinuteLater)).startsWith("The ").contains("has not turned for 61 s");
        busy.end();
        assertThat(turns.standing(aMinuteLater)).startsWith("The tail of facts");
    }

    @Test
    void aLoopThatWasStoppedDoesNotStand() {
        turns.begin("The loop of room").end();

        assertThat(turns.standing(System.nanoTime() + 2 * LoopTurns.PATIENCE.toNanos()))
                .isNull();
    }
}
