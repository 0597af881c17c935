package io.myelin.engine.tail;

/**
 * A tail's bounds.
 *
 * @param kept how many records are kept while a hole is filled; further ones are read again by replay. Also how many facts
 *     are kept of an incomplete replay; a tail that is further behind begins anew at the end
 * @param stallMillis after which a tail that did not move asks for a replay, while a caller waits for it
 * @param retryMillis before something that failed is tried again
 */
public record TailLimits(int kept, long stallMillis, long retryMillis) {

    public static final TailLimits DEFAULT = new TailLimits(10_000, 50, 100);
}
