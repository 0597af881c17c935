package io.myelin.bench;

import org.jspecify.annotations.Nullable;

/** The results of one worker, or of all of them after {@link #add}. Not thread-safe. */
final class Tally {

    final Latencies latencies = new Latencies();
    long errors;
    long limited;

    @Nullable
    String firstError;

    void error(String what) {
        errors++;
        if (firstError == null) {
            firstError = what;
        }
    }

    void add(Tally other) {
        latencies.add(other.latencies);
        errors += other.errors;
        limited += other.limited;
        if (firstError == null) {
            firstError = other.firstError;
        }
    }
}
