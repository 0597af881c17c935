package io.myelin.clientsync.cache;

import io.myelin.contracts.Unavailable;
import io.myelin.matrix.id.RoomId;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What rooms were long ago, within the {@link MemoryBudget}: it counts while it is read, and whoever asks the same while the
 * room has nothing new gets the same.
 */
final class PastLoads<V> {
    private static final int ATTEMPTS = 5;

    /** What is newest is a part of it: a redaction prunes what the room once was, too. */
    private record Key(RoomId room, long incarnation, long newest, long historyAt, long at) {}

    private final MemoryBudget budget;
    private final ToLongFunction<V> weight;
    private final Kept<Key, V> kept;
    private final Loads<Key> loads = new Loads<>();

    PastLoads(MemoryBudget budget, ToLongFunction<V> weight) {
        this.budget = budget;
        this.weight = weight;
        this.kept = new Kept<>(budget);
    }

    /**
     * @param load adds to what is reserved for it before it has more
     * @throws Unavailable if other loads take the memory
     */
    V get(CachedRoom now, long at, Function<MemoryBudget.Reservation, V> load) {
        Key key = new Key(now.id(), now.incarnation(), now.newest(), now.historyAt(), at);
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
