package io.myelin.clientsync.cache;

import io.myelin.contracts.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all caches of client-sync may take together. Everything that is kept has a weight here; what has not been
 * used for longest is dropped for what is wanted now. What is on its way into a cache counts from before it is asked for.
 *
 * <p>Weights may be changed while a shard's lock is held. So nothing is dropped by whoever changes a weight: the owner is
 * told on another thread.
 */
public final class MemoryBudget {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final class Held {
        final Runnable drop;
        long weight;
        long usedAt;

        Held(Runnable drop) {
            this.drop = drop;
        }
    }

    private final long capacity;
    private final long idleNanos;
    private final Executor dropping;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition lessIsReserved = lock.newCondition();

    /** By what is held; the least recently used comes first. */
    private final LinkedHashMap<Object, Held> held = new LinkedHashMap<>();

    private long total;
    private long reserved;

    /**
     * @param idle what nobody has used for so long is dropped in any case
     * @param dropping where owners are told that something of theirs is dropped
     * @param nanoTime as {@link System#nanoTime}
     */
    public MemoryBudget(long capacity, Duration idle, Executor dropping, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.idleNanos = idle.toNanos();
        this.dropping = dropping;
        this.nanoTime = nanoTime;
    }

    public long capacity() {
        return capacity;
    }

    /** How much is held and reserved. */
    public long used() {
        lock.lock();
        try {
            return total + reserved;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Room for something that is being loaded: others make way for it. Whoever loads more than is left by other loads
     * waits for those.
     *
     * @throws TooHeavy if there will never be so much
     * @throws Unavailable if the other loads take too long
     */
    public Reservation reserve(long weight) {
        if (weight > capacity) {
            throw new TooHeavy(weight, capacity);
        }
        List<Runnable> dropped = new ArrayList<>();
        lock.lock();
        try {
            long nanos = PATIENCE.toNanos();
            while (reserved + weight > capacity) {
                if (nanos <= 0) {
                    throw new Unavailable("Other loads take all memory for more than " + PATIENCE.toSeconds() + " s");
                }
                nanos = lessIsReserved.awaitNanos(nanos);
            }
            reserved += weight;
            makeWay(null, dropped);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("Interrupted", e);
        } finally {
            lock.unlock();
        }
        dropped.forEach(dropping::execute);
        return new Reservation(weight);
    }

    /** What is reserved until it is closed. */
    public final class Reservation implements AutoCloseable {
        private long weight;

        private Reservation(long weight) {
            this.weight = weight;
        }

        /**
         * More is reserved, or nothing: whoever has some already and waits for more could wait for another who does the
         * same.
         *
         * @throws TooHeavy if there will never be so much
         */
        public boolean addIfFree(long more) {
            List<Runnable> dropped = new ArrayList<>();
            lock.lock();
            try {
                if (weight + more > capacity) {
                    throw new TooHeavy(weight + more, capacity);
                }
                if (reserved + more > capacity) {
                    return false;
                }
                weight += more;
                reserved += more;
                makeWay(null, dropped);
            } finally {
                lock.unlock();
            }
            dropped.forEach(dropping::execute);
            return true;
        }

        /** @throws Unavailable if others take what more is wanted */
        public void add(long more) {
            if (!addIfFree(more)) {
                throw new Unavailable("Other loads take all memory");
            }
        }

        /** What was loaded is held from here on, as it turned out to be. */
        public void becomes(Object key, long actual, Runnable drop) {
            close();
            hold(key, actual, drop);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                reserved -= weight;
                weight = 0;
                lessIsReserved.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Something is held, and was used just now; what is held already is weighed again. What is heavier than everything
     * together may be is dropped at once.
     *
     * @param drop called if it is dropped to make way, never from here
     */
    public void hold(Object key, long weight, Runnable drop) {
        List<Runnable> dropped = new ArrayList<>();
        lock.lock();
        try {
            Held one = held.getOrDefault(key, new Held(drop));
            used(key, one);
            weigh(key, one, weight, dropped);
        } finally {
            lock.unlock();
        }
        dropped.forEach(dropping::execute);
    }

    /** Weighs again what is held, if it is, though nobody used it. */
    public void weigh(Object key, long weight) {
        List<Runnable> dropped = new ArrayList<>();
        lock.lock();
        try {
            Held one = held.get(key);
            if (one != null && one.weight != weight) {
                weigh(key, one, weight, dropped);
            }
        } finally {
            lock.unlock();
        }
        dropped.forEach(dropping::execute);
    }

    private void weigh(Object key, Held one, long weight, List<Runnable> dropped) {
        total += weight - one.weight;
        one.weight = weight;
        if (weight > capacity) {
            held.remove(key);
            total -= weight;
            dropped.add(one.drop);
        }
        makeWay(key, dropped);
    }

    private void used(Object key, Held one) {
        one.usedAt = nanoTime.getAsLong();
        held.putLast(key, one);
    }

    /**
     * Something was used just now.
     *
     * @return whether it is held
     */
    public boolean touch(Object key) {
        lock.lock();
        try {
            Held one = held.get(key);
            if (one != null) {
                used(key, one);
            }
            return one != null;
        } finally {
            lock.unlock();
        }
    }

    /** Its owner has let go of something. */
    public void release(Object key) {
        lock.lock();
        try {
            Held one = held.remove(key);
            if (one != null) {
                total -= one.weight;
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param wanted what is not to be dropped */
    private void makeWay(@Nullable Object wanted, List<Runnable> dropped) {
        long oldest = nanoTime.getAsLong() - idleNanos;
        Iterator<Map.Entry<Object, Held>> each = held.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Object, Held> entry = each.next();
            Held one = entry.getValue();
            boolean fits = total + reserved <= capacity;
            if (fits && one.usedAt - oldest >= 0) {
                return;
            }
            if (entry.getKey().equals(wanted)) {
                continue;
            }
            each.remove();
            total -= one.weight;
            dropped.add(one.drop);
        }
    }
}
