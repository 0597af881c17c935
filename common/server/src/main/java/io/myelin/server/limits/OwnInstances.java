package io.myelin.server.limits;

import io.myelin.web.InstanceCount;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of a service whose leases say which of them live. They are counted at most every second, while somebody
 * asks, and never by whoever asks.
 */
public final class OwnInstances implements InstanceCount {
    private static final Logger LOG = LoggerFactory.getLogger(OwnInstances.class);
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IntSupplier leases;
    private final AtomicLong countedAt = new AtomicLong(System.nanoTime() - REFRESH_NANOS);
    private volatile int living = 1;

    /** @param leases counts the leases that hold; may fail */
    public OwnInstances(IntSupplier leases) {
        this.leases = leases;
    }

    @Override
    public int living() {
        long last = countedAt.get();
        long now = System.nanoTime();
        if (now - last >= REFRESH_NANOS && countedAt.compareAndSet(last, now)) {
            Thread.ofVirtual().name("instance-count").start(this::count);
        }
        return living;
    }

    private void count() {
        try {
            living = Math.max(1, leases.getAsInt());
        } catch (RuntimeException e) { // Whatever it is, the last count holds.
            LOG.debug("The instances cannot be counted now", e);
        }
    }
}
