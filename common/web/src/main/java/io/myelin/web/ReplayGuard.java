package io.myelin.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Recognises repeated requests. For each caller it keeps the highest number and a bit for each of the 65,536 numbers up
 * to it (8 KB). It drops callers whose requests have all become too old to be admitted.
 */
final class ReplayGuard {
    /**
     * How much a request's time may differ from this process's: its travel time, and the difference of the two clocks.
     */
    static final Duration WINDOW = Duration.ofSeconds(30);

    /** How many later requests of the same caller may overtake a request. */
    static final int OVERTAKING = 1 << 16;

    private final long startedAt;
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private volatile long forgottenAt;

    /**
     * @param now milliseconds since 1970; earlier requests are refused, since a former process may have answered them
     */
    ReplayGuard(long now) {
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
