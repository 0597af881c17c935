package io.myelin.clientsync.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache within the {@link MemoryBudget}, for values that never change, or that their owner puts again after a change.
 */
public final class BudgetedCache<K, V> {

    private record Key(Object cache, Object key) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && cache == that.cache && key.equals(that.key);
        }

        @Override
        public int hashCode() {
            return key.hashCode();
        }
    }

    private final ConcurrentMap<K, V> values = new ConcurrentHashMap<>();
    private final MemoryBudget budget;

    public BudgetedCache(MemoryBudget budget) {
        this.budget = budget;
    }

    public @Nullable V get(K key) {
        V value = values.get(key);
        if (value != null) {
            budget.touch(new Key(this, key));
        }
        return value;
    }

    /** @param weight bytes on the heap, about, the key included */
    public void put(K key, V value, long weight) {
        values.put(key, value);
        budget.hold(new Key(this, key), weight, () -> values.remove(key));
    }

    public int size() {
        return values.size();
    }
}
