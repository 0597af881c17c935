package io.myelin.clientsync.visibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a room, and every way to read it: a user is shown all that {@link VisibilityModel} lets them see, and
 * nothing else.
 *
 * <p>{@code -Dmyelin.visibility.histories=10000} tries so many others, from {@code -Dmyelin.visibility.seed=…} on
 * (1,000 if it is not given), and says with which seed one failed.
 */
class GeneratedVisibilityTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void everyPathShowsWhatMayBeSeenAndNothingElse(int seed) {
        assertThat(new GeneratedRoom(new Random(seed)).live()).isPositive();
    }

    @Test
    @EnabledIfSystemProperty(named = "myelin.visibility.histories", matches = "[0-9]+")
    void manyHistories() {
        int first = Integer.getInteger("myelin.visibility.seed", 1_000);
        int histories = Integer.getInteger("myelin.visibility.histories");
        for (int seed = first; seed < first + histories; seed++) {
            try {
                new GeneratedRoom(new Random(seed)).live();
            } catch (AssertionError | RuntimeException e) {
                fail("-Dmyelin.visibility.seed=" + seed + " -Dmyelin.visibility.histories=1", e);
            }
        }
    }
}
