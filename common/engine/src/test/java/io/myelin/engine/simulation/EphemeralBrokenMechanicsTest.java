package io.myelin.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each mechanic of an ephemeral service is broken on purpose once. */
class EphemeralBrokenMechanicsTest {

    private static final long SCHEDULES = 2_000;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isNoticed(EphemeralBreak broken) {
        assertThat(LongStream.rangeClosed(1, SCHEDULES)
                        .anyMatch(seed -> EphemeralWorld.play(seed, broken, false) != null))
                .isTrue();
    }
}
