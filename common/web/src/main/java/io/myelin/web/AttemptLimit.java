package io.myelin.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.MatrixError;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * So many attempts a minute for each key (an account, an address), all at once or spread; beyond, {@code
 * M_LIMIT_EXCEEDED}. Remembers at most 100,000 keys. Client-server API, "Rate limiting".
 */
public final class AttemptLimit {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int MAX_KEYS = 100_000;

    private final int perMinute;
    private final LongSupplier nanoTime;
    /** Until when a key's attempts are paid for: a bucket that leaks as time passes. */
    private final Cache<String, Long> paidUntil =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).build();

    /** @param perMinute 0 for no limit */
    public AttemptLimit(int perMinute) {
        this(perMinute, System::nanoTime);
    }

    AttemptLimit(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /** Counts an attempt; ends the request if there were too many. */
    public void attempt(String key) {
        if (perMinute == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        long cost = MINUTE / perMinute;
        long[] wait = {0};
        paidUntil.asMap().compute(key, (_, until) -> {
            long from = until == null || until - now < 0 ? now : until;
            wait[0] = from + cost - now - MINUTE;
            return wait[0] > 0 ? from : from + cost;
        });
        if (wait[0] > 0) {
            throw MatrixException.with(
                    new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many attempts; try again later."),
                    "retry_after_ms",
                    Duration.ofNanos(wait[0]).toMillis() + 1);
        }
    }
}
