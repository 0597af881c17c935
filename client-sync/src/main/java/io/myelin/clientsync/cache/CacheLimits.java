package io.myelin.clientsync.cache;

import java.time.Duration;

/**
 * How much is kept.
 *
 * @param roomBytes all cached rooms together, about
 * @param users how many users
 * @param idle what nobody asked for in this time is forgotten; longer than any request is parked
 */
public record CacheLimits(long roomBytes, int users, Duration idle) {

    /** An eighth of the heap for rooms. */
    public static CacheLimits ofThisMachine(Duration idle) {
        return new CacheLimits(Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 8), 50_000, idle);
    }
}
