package io.myelin.engine.tail;

/**
 * A tail's bounds.
 *
 * @param kept records kept while a hole is filled: what is beyond is read again by replay; and facts of a replay that is
 *     not complete: a tail that is further behind begins anew at the end
 * @param stallMillis after which a tail that did not move is helped by replay, while somebody waits for it
 * @param retryMillis before something that failed is tried again
 */
public record TailLimits(int kept, long stallMillis, long retryMillis) {

    public static final TailLimits DEFAULT = new TailLimits(10_000, 50, 100);
}
