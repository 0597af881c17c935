package io.myelin.engine.simulation;

import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assertions;
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
        long schedules = one != null ? 1 : Long.getLong("simulation.schedules", Schedules.ENOUGH);
        LongStream.range(first, first + schedules)
                .parallel()
                .mapToObj(seed -> Schedules.run(seed, Break.NONE))
                .filter(Objects::nonNull)
                .findAny()
                .ifPresent(Assertions::fail);
    }
}
