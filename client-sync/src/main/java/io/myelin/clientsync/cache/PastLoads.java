package io.myelin.clientsync.cache;

import io.myelin.contracts.Unavailable;
import io.myelin.matrix.id.RoomId;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Values of rooms as they were long ago, within the {@link MemoryBudget}. A value counts while it is read, and is kept
 * for further requests until the room has something new.
 */
final class PastLoads<V> {
    private static final int ATTEMPTS = 5;

    /** The room's newest number is part of the key, because a redaction prunes past states, too. */
    private record Key(RoomId room, long incarnation, long newest, long historyAt, long purgedAt, long at) {}

    private final MemoryBudget budget;
    private final ToLongFunction<V> weight;
    private final BudgetedCache<Key, V> kept;
    private final LoadQueue<Key> loads = new LoadQueue<>();

    PastLoads(MemoryBudget budget, ToLongFunction<V> weight) {
        this.budget = budget;
        this.weight = weight;
        this.kept = new BudgetedCache<>(budget);
    }

    /**
     * @param load adds to its reservation before it reads more
     * @throws Unavailable if other loads take the memory
     */
    V get(CachedRoom now, long at, Function<MemoryBudget.Reservation, V> load) {
        Key key = new Key(now.id(), now.incarnation(), now.newest(), now.historyAt(), now.purgedAt(), at);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            V known = kept.get(key);
            if (known != null) {
                return known;
            }
            AtomicReference<V> mine = new AtomicReference<>();
            loads.once(key, _ -> {
                mine.set(load(key, load));
                return true;
            });
            V loaded = mine.get();
            if (loaded != null) {
                return loaded;
            }
        }
        throw new Unavailable("What the room was is dropped as soon as it is read: " + now.id());
    }

    private V load(Key key, Function<MemoryBudget.Reservation, V> load) {
        V loaded;
        try (MemoryBudget.Reservation space = budget.reserve(0)) {
            loaded = loads.inTurn(() -> load.apply(space));
        }
        kept.put(key, loaded, weight.applyAsLong(loaded));
        return loaded;
    }
}
