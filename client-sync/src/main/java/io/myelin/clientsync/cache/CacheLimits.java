package io.myelin.clientsync.cache;

import java.time.Duration;

/**
 * How much is kept.
 *
 * @param roomBytes all cached rooms together, about
 * @param receiptBytes the receipts of all rooms together, about
 * @param users how many users
 * @param idle what nobody asked for in this time is forgotten; longer than any request is parked
 */
public record CacheLimits(long roomBytes, long receiptBytes, int users, Duration idle) {

    /** An eighth of the heap for rooms, and a quarter of that for their receipts. */
    public static CacheLimits ofThisMachine(Duration idle) {
        long roomBytes = Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 8);
        return new CacheLimits(roomBytes, roomBytes / 4, 50_000, idle);
    }
}
