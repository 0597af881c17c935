package io.myelin.federation.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.outbound.HttpAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheLifetimeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Duration lifetime(Map<String, String> headers) {
        return CacheLifetime.of(new HttpAnswer(200, headers, new byte[0]), NOW);
    }

    @Test
    void isADayIfNothingIsSaid() {
        assertThat(lifetime(Map.of())).isEqualTo(Duration.ofHours(24));
        assertThat(lifetime(Map.of("cache-control", "public"))).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void isWhatTheHeadersSay() {
        assertThat(lifetime(Map.of("cache-control", "public, Max-Age=3600"))).isEqualTo(Duration.ofHours(1));
        assertThat(lifetime(Map.of("expires", "Thu, 01 Jan 2026 02:00:00 GMT"))).isEqualTo(Duration.ofHours(2));
        assertThat(lifetime(Map.of("cache-control", "max-age=3600", "expires", "Thu, 01 Jan 2026 02:00:00 GMT")))
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void isTwoDaysAtMost() {
        assertThat(lifetime(Map.of("cache-control", "max-age=9999999999"))).isEqualTo(Duration.ofHours(48));
    }

    @Test
    void isFiveMinutesAtLeast() {
        assertThat(lifetime(Map.of("cache-control", "no-store"))).isEqualTo(Duration.ofMinutes(5));
        assertThat(lifetime(Map.of("cache-control", "max-age=0"))).isEqualTo(Duration.ofMinutes(5));
        assertThat(lifetime(Map.of("expires", "0"))).isEqualTo(Duration.ofMinutes(5));
    }
}
