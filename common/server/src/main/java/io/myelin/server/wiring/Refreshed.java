package io.myelin.server.wiring;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that takes a while to find out. Who asks gets the last one at once; if that is old, a new one is looked for
 * meanwhile, by one thread at a time.
 */
final class Refreshed<T> {

    private record Known<T>(T value, long nanoTime) {}

    private final Supplier<T> source;
    private final long maxAgeNanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Known<T> known;

    /** @param source a failure leaves the value as it was */
    Refreshed(Supplier<T> source, Duration maxAge) {
        this.source = source;
        maxAgeNanos = maxAge.toNanos();
    }

    /** The last value, or {@code none} before there is one. */
    T get(T none) {
        Known<T> last = known;
        if ((last == null || System.nanoTime() - last.nanoTime() > maxAgeNanos) && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("refresh").start(this::look);
        }
        return last == null ? none : last.value();
    }

    /** Whether there is a value not older than this. */
    boolean isYoungerThan(Duration age) {
        Known<T> last = known;
        return last != null && System.nanoTime() - last.nanoTime() <= age.toNanos();
    }

    private void look() {
        try {
            known = new Known<>(source.get(), System.nanoTime());
        } catch (RuntimeException notNow) {
            // Asked again the next time; who shows the value sees how old it is.
            return;
        } finally {
            looking.set(false);
        }
    }
}
