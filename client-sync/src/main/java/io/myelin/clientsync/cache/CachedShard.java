package io.myelin.clientsync.cache;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What is cached of one shard of a log. Everything changes under one short lock, together with the position; {@link
 * #locked} reads several values at one position.
 *
 * @param <F> a fact of the log
 */
public abstract class CachedShard<F> {

    /** The most bytes of facts that are kept for a value while it is loaded; with more, it is loaded again. */
    private static final long MOST_KEPT_BYTES = 4L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<TailCache<?, ?, F>> values = new ArrayList<>();
    private Committed position = new Committed(-1, 0);

    /** Makes a cache of values that stand at the shard's position. */
    final <K, V> TailCache<K, V, F> values(TailCache.Fold<V, F> fold, ToLongFunction<Numbered<F>> weigher) {
        TailCache<K, V, F> made = new TailCache<>(fold, weigher, MOST_KEPT_BYTES);
        values.add(made);
        return made;
    }

    /** Runs work while nothing in the shard changes. The work must be short, and must not call other services. */
    public final <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    final void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    public final Committed position() {
        return locked(() -> position);
    }

    /** Applies the shard's next fact. */
    final void apply(Numbered<F> fact) {
        locked(() -> {
            fold(fact);
            moveTo(fact.seq());
            announce(fact);
        });
    }

    final void reached(long seq) {
        locked(() -> moveTo(seq));
    }

    private void moveTo(long seq) {
        position = new Committed(position.incarnation(), seq);
        values.forEach(each -> each.reached(seq));
    }

    /** The tail has moved to another position: everything is forgotten, and all waiting requests look again. */
    final void reset(Committed elsewhere) {
        locked(() -> {
            values.forEach(each -> each.reset(elsewhere.seq()));
            position = elsewhere;
            forgotten(elsewhere);
        });
    }

    /**
     * Caches what an owner has answered, unless the answer is of another incarnation. To be called within {@link
     * #locked}.
     *
     * @return whether the answer is of this incarnation
     */
    final <K, V> boolean take(TailCache<K, V, F> into, K key, V value, Committed asOf) {
        boolean isOurs = asOf.incarnation() == position.incarnation();
        if (isOurs) {
            into.loaded(key, value, asOf.seq());
        } else {
            into.forget(key);
        }
        return isOurs;
    }

    /** Applies the fact to the values; the position is still the one before it. */
    abstract void fold(Numbered<F> fact);

    /** Wakes the users whom the fact concerns; the position is the fact's already. */
    void announce(Numbered<F> fact) {}

    /** Drops everything derived from the values, which have all been forgotten. */
    abstract void forgotten(Committed elsewhere);
}
