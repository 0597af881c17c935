package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTest {
    @Test
    void shardsAreShownAsRanges() {
        assertThat(Status.ranges(List.of())).isEmpty();
        assertThat(Status.ranges(List.of(3))).isEqualTo("3");
        assertThat(Status.ranges(List.of(0, 1, 2, 3))).isEqualTo("0-3");
        assertThat(Status.ranges(List.of(9, 0, 2, 1, 15, 14))).isEqualTo("0-2,9,14-15");
    }
}
