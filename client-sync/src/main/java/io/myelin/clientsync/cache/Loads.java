package io.myelin.clientsync.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/** Loads by key, each key's one at a time: whoever comes while one is under way waits for it. */
final class Loads<K> {
    private final ConcurrentMap<K, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();

    /** @return whether there was something to load */
    boolean once(K key, Predicate<K> load) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> others = underWay.putIfAbsent(key, mine);
        if (others != null) {
            return Waits.get(others);
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
}
