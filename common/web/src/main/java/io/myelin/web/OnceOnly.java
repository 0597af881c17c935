package io.myelin.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which requests have been here already. Of each caller it keeps the highest number and a bit for each of those before
 * it, 8 KB, and forgets callers whose requests have become too old to count.
 */
final class OnceOnly {
    /** How far the clocks of two processes may be apart, and how long a request may be on its way. */
    static final Duration WINDOW = Duration.ofSeconds(30);

    /** How many later requests of its caller may overtake a request. */
    static final int OVERTAKING = 1 << 16;

    private final long startedAt;
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private volatile long forgottenAt;

    /** @param now milliseconds since 1970; what was asked before may have been answered by a predecessor */
    OnceOnly(long now) {
        startedAt = now;
        forgottenAt = now;
    }

    /** Whether a request is timely and is here for the first time. */
    boolean isFirst(InternalSecret.Proof proof, long now) {
        if (proof.time() < startedAt || Math.abs(now - proof.time()) > WINDOW.toMillis()) {
            return false;
        }
        if (now - forgottenAt > WINDOW.toMillis()) {
            forgottenAt = now;
            callers.values().removeIf(caller -> now - caller.lastAt > 2 * WINDOW.toMillis());
        }
        return callers.computeIfAbsent(proof.caller(), _ -> new Caller()).isFirst(proof.number(), now);
    }

    private static final class Caller {
        private final long[] seen = new long[OVERTAKING / Long.SIZE];
        private long highest;
        private volatile long lastAt;

        synchronized boolean isFirst(long number, long now) {
            lastAt = now;
            if (number <= 0 || number <= highest - OVERTAKING) {
                return false;
            }
            for (long skipped = Math.max(highest + 1, number - OVERTAKING + 1); skipped <= number; skipped++) {
                seen[word(skipped)] &= ~bit(skipped);
            }
            highest = Math.max(highest, number);
            boolean first = (seen[word(number)] & bit(number)) == 0;
            seen[word(number)] |= bit(number);
            return first;
        }

        private static int word(long number) {
            return (int) (number % OVERTAKING) / Long.SIZE;
        }

        private static long bit(long number) {
            return 1L << (number % Long.SIZE);
        }
    }
}
