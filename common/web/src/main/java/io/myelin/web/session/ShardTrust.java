package io.myelin.web.session;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the cached sessions of a shard are known to be current: a barrier that began within the last second has
 * succeeded. The next barrier begins before the second is over, so that steady requests do not wait; all requests share
 * one barrier.
 */
final class ShardTrust {
    private static final long TRUSTED_NANOS = 1_000_000_000;
    private static final long REFRESHED_NANOS = 500_000_000;

    private final Supplier<CompletableFuture<Void>> barrier;
    private final LongSupplier nanoTime;

    private volatile boolean proven;
    private volatile long provenAt;
    private @Nullable CompletableFuture<Void> asking;
    private long askedAt;

    ShardTrust(Supplier<CompletableFuture<Void>> barrier, LongSupplier nanoTime) {
        this.barrier = barrier;
        this.nanoTime = nanoTime;
    }

    /** A future that completes when the cache is current; it is complete already while the shard is trusted. */
    CompletableFuture<Void> await() {
        long now = nanoTime.getAsLong();
        long age = now - provenAt;
        if (!proven || age >= TRUSTED_NANOS) {
            return ask(now);
        }
        if (age >= REFRESHED_NANOS) {
            ask(now);
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> ask(long now) {
        CompletableFuture<Void> answer;
        synchronized (this) {
            if (asking != null && !asking.isDone() && now - askedAt < TRUSTED_NANOS) {
                return asking;
            }
            askedAt = now;
            answer = sent();
            asking = answer;
        }
        return answer.thenRun(() -> succeeded(now));
    }

    private CompletableFuture<Void> sent() {
        try {
            return barrier.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void succeeded(long at) {
        if (!proven || at - provenAt > 0) {
            provenAt = at;
            proven = true;
        }
    }
}
