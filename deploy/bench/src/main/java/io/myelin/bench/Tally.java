package io.myelin.bench;

import org.jspecify.annotations.Nullable;

/** What one worker saw, or all of them together after {@link #add}. Not thread-safe. */
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
