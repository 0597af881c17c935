package io.myelin.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Limits the attempts per minute for each key (an account, an address), all at once or spread; further ones get {@code
 * M_LIMIT_EXCEEDED}. Keeps at most 100,000 keys. Client-server API, "Rate limiting".
 */
public final class AttemptLimit {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int MAX_KEYS = 100_000;

    private final IntSupplier perMinute;
    private final LongSupplier nanoTime;
    /** A leaky bucket for each key: the time at which it will be empty again. */
    private final Cache<String, Long> paidUntil =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).build();

    /** @param perMinute asked at each attempt, since it may change; 0 for no limit */
    public AttemptLimit(IntSupplier perMinute) {
        this(perMinute, System::nanoTime);
    }

    AttemptLimit(IntSupplier perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /**
     * Ends the request if an {@link #attempt} would, but counts nothing. For actions that cost an attempt only if they
     * fail.
     *
     * @throws MatrixException 429 {@code M_LIMIT_EXCEEDED}
     */
    public void requireAttempt(String key) {
        Long until = paidUntil.getIfPresent(key);
        int most = perMinute.getAsInt();
        if (most != 0 && until != null) {
            long now = nanoTime.getAsLong();
            refuse(Math.max(0, until - now) + MINUTE / most - MINUTE);
        }
    }

    /**
     * Counts an attempt; ends the request if there were too many.
     *
     * @throws MatrixException 429 {@code M_LIMIT_EXCEEDED}
     */
    public void attempt(String key) {
        int most = perMinute.getAsInt();
        if (most == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        long cost = MINUTE / most;
        long[] wait = {0};
        paidUntil.asMap().compute(key, (_, until) -> {
            long from = until == null || until - now < 0 ? now : until;
            wait[0] = from + cost - now - MINUTE;
            return wait[0] > 0 ? from : from + cost;
        });
        refuse(wait[0]);
    }

    private static void refuse(long nanos) {
        if (nanos > 0) {
            throw MatrixException.tooMany(
                    "Too many attempts; try again later.",
                    Duration.ofNanos(nanos).plusMillis(1));
        }
    }
}
