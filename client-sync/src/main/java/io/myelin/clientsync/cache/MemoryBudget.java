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
 * The bytes that all caches of client-sync may take together. Every cached value has a weight here; the least recently
 * used values are dropped for those wanted now. A value that is being loaded counts from before it is asked for.
 *
 * <p>Weights may be changed while a shard's lock is held. So the caller that changes a weight drops nothing itself: the
 * owner is told on another thread.
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

    /** By key; the least recently used value comes first. */
    private final LinkedHashMap<Object, Held> held = new LinkedHashMap<>();

    private long total;
    private long reserved;

    /**
     * @param idle a value that was not used for so long is dropped in any case
     * @param dropping runs the callbacks that tell owners of dropped values
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

    /** The bytes that are held and reserved. */
    public long used() {
        lock.lock();
        try {
            return total + reserved;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reserves space for a value that is being loaded, and drops others for it. If other loads leave too little space,
     * this waits for them.
     *
     * @throws TooHeavy if it is more than the whole budget
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

    /** Space that is reserved until this is closed. */
    public final class Reservation implements AutoCloseable {
        private long weight;

        private Reservation(long weight) {
            this.weight = weight;
        }

        /**
         * Reserves more, or nothing. It never waits: two loads that each hold some space and wait for more could wait
         * for each other.
         *
         * @throws TooHeavy if it is more than the whole budget
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

        /** @throws Unavailable if other loads leave too little space */
        public void add(long more) {
            if (!addIfFree(more)) {
                throw new Unavailable("Other loads take all memory");
            }
        }

        /** Replaces the reservation by the loaded value with its actual weight. */
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
     * Holds a value that was used just now. A value that is held already is weighed again. A value heavier than the
     * whole budget is dropped at once.
     *
     * @param drop run by the executor {@code dropping} when the value is dropped
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

    /** Changes the weight of a value if it is held, without marking it as used. */
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
     * Marks a value as used just now.
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

    /** Forgets a value that its owner has dropped. */
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

    /** @param wanted the key that is not dropped */
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
