package io.myelin.engine.simulation;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** Thousands of schedules of an ephemeral service; {@code -Dsimulation.seed=} replays one and tells its story. */
class EphemeralSimulationTest {

    @Test
    void everyReaderKnowsWhatTheOwnerKnowsInTheEnd() {
        Long one = Long.getLong("simulation.seed");
        long first = one != null ? one : Long.getLong("simulation.first", 1);
        long schedules = one != null ? 1 : Long.getLong("simulation.schedules", 3_000);
        for (long seed = first; seed < first + schedules; seed++) {
            if (EphemeralWorld.play(seed, EphemeralBreak.NONE, false) != null) {
                fail(EphemeralWorld.play(seed, EphemeralBreak.NONE, true));
            }
        }
    }
}
