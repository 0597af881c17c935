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
 * What is cached of one shard of a log. Everything changes under one short lock, together with the position; {@link #locked}
 * takes several values at one position.
 *
 * @param <F> a fact of the log
 */
public abstract class CachedShard<F> {

    /** What is kept for a value that is being loaded; beyond, it is loaded again. */
    private static final long MOST_KEPT_BYTES = 4L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<TailCache<?, ?, F>> values = new ArrayList<>();
    private Committed position = new Committed(-1, 0);

    /** Values of the shard that stand at its position. */
    final <K, V> TailCache<K, V, F> values(TailCache.Fold<V, F> fold, ToLongFunction<Numbered<F>> weigher) {
        TailCache<K, V, F> made = new TailCache<>(fold, weigher, MOST_KEPT_BYTES);
        values.add(made);
        return made;
    }

    /** Runs something while nothing changes. It must be short, and ask nobody. */
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

    /** The shard's next fact. */
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

    /** The tail stands elsewhere: everything is forgotten, and everybody who waits looks again. */
    final void reset(Committed elsewhere) {
        locked(() -> {
            values.forEach(each -> each.reset(elsewhere.seq()));
            position = elsewhere;
            forgotten(elsewhere);
        });
    }

    /**
     * Takes in what an owner has answered, unless that is of another history; within {@link #locked}.
     *
     * @return whether it is of this one
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

    /** Changes what the fact is about; the position is still the one before. */
    abstract void fold(Numbered<F> fact);

    /** Tells those who wait for the fact, at its position. */
    void announce(Numbered<F> fact) {}

    /** All values were forgotten: what was derived from them is void. */
    abstract void forgotten(Committed elsewhere);
}
