package io.myelin.server.observability;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that takes a while to read. Callers get the last one at once; if it is old, one thread at a time reads a new
 * one in the background.
 */
public final class Refreshed<T> {

    private record Known<T>(T value, long nanoTime) {}

    private final Supplier<T> source;
    private final long maxAgeNanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Known<T> known;
    private volatile boolean failed;
    private volatile long lookingSince;

    /** @param source reads the value; if it fails, the old value stays */
    public Refreshed(Supplier<T> source, Duration maxAge) {
        this.source = source;
        maxAgeNanos = maxAge.toNanos();
    }

    /** The last value, or {@code none} before there is one. */
    public T get(T none) {
        Known<T> last = known;
        if (isOld(last) && looking.compareAndSet(false, true)) {
            lookingSince = System.nanoTime();
            Thread.ofVirtual().name("refresh").start(this::look);
        }
        return last == null ? none : last.value();
    }

    private boolean isOld(@Nullable Known<T> value) {
        return value == null || System.nanoTime() - value.nanoTime() > maxAgeNanos;
    }

    /** Whether the last read failed, or the present one takes longer than {@code patience}. */
    public boolean isFailing(Duration patience) {
        return failed || (looking.get() && System.nanoTime() - lookingSince > patience.toNanos());
    }

    private void look() {
        try {
            if (!isOld(known)) { // Another thread has read it meanwhile.
                return;
            }
            known = new Known<>(source.get(), System.nanoTime());
            failed = false;
        } catch (RuntimeException notNow) {
            // The old value stays, and the next call reads again.
            failed = true;
        } finally {
            looking.set(false);
        }
    }
}
