package io.myelin.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of schedules of an ephemeral service; {@code -Dsimulation.seed=} replays one and tells its story. */
class EphemeralSimulationTest {

    private static final long SCHEDULES = 2_000;

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

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void noticesABrokenMechanic(EphemeralBreak broken) {
        assertThat(LongStream.rangeClosed(1, SCHEDULES)
                        .anyMatch(seed -> EphemeralWorld.play(seed, broken, false) != null))
                .isTrue();
    }
}
