package io.myelin.engine.simulation;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Thousands of schedules. {@code -Dsimulation.schedules=} and {@code -Dsimulation.first=} say how many and from which
 * seed on, {@code -Dsimulation.seed=} replays one and tells its story.
 */
class SimulationTest {

    @Test
    void keepsEveryPromiseInEverySchedule() {
        Long one = Long.getLong("simulation.seed");
        long first = one != null ? one : Long.getLong("simulation.first", 1);
        long schedules = one != null ? 1 : Long.getLong("simulation.schedules", 10_000);
        for (long seed = first; seed < first + schedules; seed++) {
            String found = Schedules.run(seed, Break.NONE);
            if (found != null) {
                fail(found);
            }
        }
    }
}
