package io.myelin.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each mechanic is broken on purpose once; a simulation that does not notice its broken promise proves nothing. */
class BrokenMechanicsTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isNoticed(Break broken) {
        assertThat(LongStream.rangeClosed(1, Schedules.ENOUGH)
                        .mapToObj(seed -> Schedules.symptom(seed, broken))
                        .anyMatch(symptom -> symptom != null && symptom.contains(broken.promise)))
                .isTrue();
    }
}
