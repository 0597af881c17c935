package io.myelin.postgres;

import java.time.Duration;

/**
 * For how long a lease may be trusted by the process that holds it: for two seconds from before the renewal was sent, by
 * whichever of two clocks has advanced further since. The monotonic clock stands still while the machine is suspended,
 * and the wall clock may be set back; neither makes a lease last longer than the database gives it.
 *
 * <p>A hypervisor that hides a pause from both clocks cannot be noticed here, nor can a wall clock that is set back within two
 * seconds of a pause. What is then answered from memory may be out of
 * date until the next renewal finds the lease gone; nothing wrong is committed, since commits are fenced by epochs.
 *
 * @param sentNanos by {@link System#nanoTime}
 * @param sentMillis by {@link System#currentTimeMillis}
 */
record LeaseTerm(long sentNanos, long sentMillis) {

    static final Duration LENGTH = Duration.ofSeconds(2);

    /** Of a renewal that is about to be sent. */
    static LeaseTerm fromNow() {
        return new LeaseTerm(System.nanoTime(), System.currentTimeMillis());
    }

    boolean holds() {
        return holds(System.nanoTime(), System.currentTimeMillis());
    }

    boolean holds(long nanos, long millis) {
        return nanos - sentNanos < LENGTH.toNanos() && millis - sentMillis < LENGTH.toMillis();
    }
}
