package io.myelin.clientsync.cache;

import io.myelin.contracts.Unavailable;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Loads values by key. A second caller for a key waits for the load that is under way. Only a few loads ask their owner
 * at a time, so that a fleet of clients that comes back at once does not take all connections to the database.
 */
final class LoadQueue<K> {
    private static final int AT_ONCE = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Semaphore free = new Semaphore(AT_ONCE);
    private final ConcurrentMap<K, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();

    /** @return whether there was something to load */
    boolean once(K key, Predicate<K> load) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> others = underWay.putIfAbsent(key, mine);
        if (others != null) {
            return TailWaits.get(others);
        }
        try {
            boolean found = load.test(key);
            mine.complete(found);
            return found;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key, mine);
        }
    }

    /**
     * Loads several values at once. A caller that waits for one of them looks again afterwards, and loads it itself if it
     * is not there.
     *
     * @param load gets the keys that nobody else is loading
     */
    void together(Collection<K> keys, Consumer<List<K>> load) {
        Map<K, CompletableFuture<Boolean>> mine = new LinkedHashMap<>();
        for (K key : keys) {
            CompletableFuture<Boolean> here = new CompletableFuture<>();
            if (underWay.putIfAbsent(key, here) == null) {
                mine.put(key, here);
            }
        }
        try {
            if (!mine.isEmpty()) {
                load.accept(List.copyOf(mine.keySet()));
            }
        } finally {
            mine.forEach((key, here) -> {
                underWay.remove(key, here);
                here.complete(true);
            });
        }
    }

    /**
     * Asks the owner, once it is this caller's turn. A load does not hold its turn while it waits for anything else.
     *
     * @throws Unavailable if the turn does not come
     */
    <T> T inTurn(Supplier<T> question) {
        try {
            if (!free.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Unavailable("Other loads take all turns for more than " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("Interrupted", e);
        }
        try {
            return question.get();
        } finally {
            free.release();
        }
    }
}
