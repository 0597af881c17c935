package io.myelin.server.observability;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that takes a while to find out. Who asks gets the last one at once; if that is old, a new one is looked for
 * meanwhile, by one thread at a time.
 */
public final class Refreshed<T> {

    private record Known<T>(T value, long nanoTime) {}

    private final Supplier<T> source;
    private final long maxAgeNanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Known<T> known;
    private volatile boolean failed;
    private volatile long lookingSince;

    /** @param source a failure leaves the value as it was */
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

    /** Whether the last look failed, or the present one takes longer than it may. */
    public boolean isInVain(Duration patience) {
        return failed || (looking.get() && System.nanoTime() - lookingSince > patience.toNanos());
    }

    private void look() {
        try {
            if (!isOld(known)) { // Another look has ended since.
                return;
            }
            known = new Known<>(source.get(), System.nanoTime());
            failed = false;
        } catch (RuntimeException notNow) {
            // Asked again the next time; what is known stays.
            failed = true;
        } finally {
            looking.set(false);
        }
    }
}
