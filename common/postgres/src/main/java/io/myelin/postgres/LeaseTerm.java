package io.myelin.postgres;

import java.time.Duration;

/**
 * How long a process may rely on its lease: two seconds from just before it sent the renewal, by whichever of two
 * clocks has advanced further since. The monotonic clock stands still while the machine is suspended, and the wall
 * clock may be set back; with both, a lease never lasts longer here than in the database.
 *
 * <p>This rule does not notice a hypervisor that hides a pause from both clocks, nor a wall clock that is set back
 * within two seconds of a pause. Answers from memory may then be out of date until the next renewal finds the lease
 * gone. Nothing wrong is committed, since commits are fenced by epochs.
 *
 * @param sentNanos by {@link System#nanoTime}
 * @param sentMillis by {@link System#currentTimeMillis}
 */
record LeaseTerm(long sentNanos, long sentMillis) {

    static final Duration LENGTH = Duration.ofSeconds(2);

    /** The term of a renewal that is about to be sent. */
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
