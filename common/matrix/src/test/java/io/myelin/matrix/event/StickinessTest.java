package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickinessTest {
    private static final long NOW = 1_700_000_000_000L;

    private static byte[] event(String sticky) {
        return ("{\"content\":{\"msc4354_sticky\":{\"duration_ms\":1}}" + sticky + ",\"origin_server_ts\":5}").getBytes(UTF_8);
    }

    @Test
    void findsTheFieldBesideTheContent() {
        assertThat(Stickiness.duration(event(",\"msc4354_sticky\":{\"duration_ms\":600000}")))
                .isEqualTo(OptionalLong.of(600_000));
        assertThat(Stickiness.duration(event(",\"msc4354_sticky\":{\"duration_ms\":0}")))
                .isEqualTo(OptionalLong.of(0));
        assertThat(Stickiness.duration(event(",\"msc4354_sticky\":{\"duration_ms\":3600000}")))
                .isEqualTo(OptionalLong.of(Stickiness.MOST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"msc4354_sticky\":7",
                ",\"msc4354_sticky\":{}",
                ",\"msc4354_sticky\":{\"duration_ms\":-1}",
                ",\"msc4354_sticky\":{\"duration_ms\":1.5}",
                ",\"msc4354_sticky\":{\"duration_ms\":\"7\"}"
            })
    void isNotStickyWithoutAValidDuration(String sticky) {
        assertThat(Stickiness.duration(event(sticky))).isEmpty();
    }

    @Test
    void isStickyForAnHourAtMost() {
        assertThat(Stickiness.duration(event(",\"msc4354_sticky\":{\"duration_ms\":3600001}")))
                .isEqualTo(OptionalLong.of(Stickiness.MOST));
        assertThat(Stickiness.isValid(3_600_001)).isFalse();
    }

    @Test
    void isStickyFromWhenItWasSentButNotFromTheFuture() {
        byte[] event = event(",\"msc4354_sticky\":{\"duration_ms\":600000,\"x\":1}");
        assertThat(Stickiness.until(event, NOW)).hasValue(600_005);
        assertThat(Stickiness.until(event, 2)).hasValue(600_002);
        assertThat(Stickiness.until(event(""), NOW)).isEmpty();
    }

    @Test
    void endsAfterItsDuration() {
        assertThat(Stickiness.left(NOW, 1_000, NOW)).isEqualTo(1_000);
        assertThat(Stickiness.left(NOW - 400, 1_000, NOW)).isEqualTo(600);
        assertThat(Stickiness.left(NOW - 1_000, 1_000, NOW)).isZero();
        assertThat(Stickiness.left(0, 1_000, NOW)).isZero();
    }

    @Test
    void aDateInTheFutureGivesNoMoreThanItsDuration() {
        assertThat(Stickiness.left(NOW + 60_000, 1_000, NOW)).isEqualTo(1_000);
        assertThat(Stickiness.left(NOW + 3_600_000, 1_000, NOW)).isZero();
    }
}
