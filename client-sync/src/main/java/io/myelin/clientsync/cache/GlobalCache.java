package io.myelin.clientsync.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What is true for everybody: the rooms, loaded when first wanted and folded from the log after that. */
public final class GlobalCache {
    private static final int ATTEMPTS = 5;

    private final List<RoomShard> shards;
    private final RoomLoader loader;
    private final LogReader log;
    private final Executor executor;
    private final Loads<RoomId> loads = new Loads<>();

    /** Which rooms are here, by weight: what it drops is forgotten. */
    private final Cache<RoomId, Integer> residents;

    /** @param executor for loading several rooms at once; its tasks block */
    public GlobalCache(
            int shardCount, RoomQueries rooms, LogReader log, News news, CacheLimits limits, Executor executor) {
        List<RoomShard> made = new ArrayList<>();
        for (int shard = 0; shard < shardCount; shard++) {
            made.add(new RoomShard(news));
        }
        this.shards = List.copyOf(made);
        this.loader = new RoomLoader(rooms);
        this.log = log;
        this.executor = executor;
        this.residents = Caffeine.newBuilder()
                .maximumWeight(limits.roomBytes())
                .weigher((RoomId _, Integer weight) -> weight)
                .expireAfterAccess(limits.idle())
                .executor(executor)
                .removalListener(this::removed)
                .build();
    }

    private void removed(@Nullable RoomId room, @Nullable Integer weight, RemovalCause cause) {
        if (room != null && cause.wasEvicted()) {
            shardOf(room).forgetRoom(room);
        }
    }

    public List<RoomShard> shards() {
        return shards;
    }

    public RoomLoader loader() {
        return loader;
    }

    public int shardNumber(RoomId room) {
        return Partitions.of(room.value(), shards.size());
    }

    public RoomShard shardOf(RoomId room) {
        return shards.get(shardNumber(room));
    }

    /** The room as of everything that is committed now; empty if there is none. */
    public Optional<CachedRoom> current(RoomId room) {
        Waits.get(log.barrier(shardNumber(room)));
        return room(room);
    }

    /**
     * The room as of its shard's position.
     *
     * @throws Unavailable if it cannot be loaded now
     */
    public Optional<CachedRoom> room(RoomId id) {
        RoomShard shard = shardOf(id);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<CachedRoom> here = shard.room(id);
            if (here.isPresent()) {
                touch(here.get());
                return here;
            }
            if (!loads.once(id, this::load)) {
                return Optional.empty();
            }
        }
        throw new Unavailable("The room changes its shard's history too often: " + id);
    }

    /** Keeps what is used; what has grown is weighed again. */
    public void touch(CachedRoom room) {
        Integer weight = residents.getIfPresent(room.id());
        int now = room.weight();
        if (weight == null || now > 2 * weight) {
            residents.put(room.id(), now);
        }
    }

    private boolean load(RoomId id) {
        RoomShard shard = shardOf(id);
        if (shard.room(id).isPresent()) {
            return true;
        }
        shard.forgetRoom(id);
        shard.expectRoom(id);
        boolean done = false;
        try {
            Optional<RoomLoader.Loaded> loaded = loads.inTurn(() -> loader.load(id));
            if (loaded.isEmpty()) {
                return false;
            }
            shard.loadedRoom(loaded.get());
            Waits.get(log.await(shardNumber(id), loaded.get().asOf()));
            done = true;
            return true;
        } finally {
            if (!done) {
                shard.forgetRoom(id);
            }
        }
    }

    /** What is not there any more was purged: the log says so, if not yet here. */
    private void loadOrHear(RoomId room) {
        if (room(room).isEmpty()) {
            Waits.get(log.barrier(shardNumber(room)));
        }
    }

    /** Has several rooms loaded, side by side; of one that was purged, it is known here then. */
    public void load(Collection<RoomId> rooms) {
        if (rooms.size() == 1) {
            loadOrHear(rooms.iterator().next());
            return;
        }
        List<CompletableFuture<Void>> all = rooms.stream()
                .map(room -> CompletableFuture.runAsync(() -> loadOrHear(room), executor))
                .toList();
        all.forEach(Waits::get);
    }

    /** How many rooms are here, or on their way. */
    public int size() {
        return shards.stream().mapToInt(RoomShard::cachedRooms).sum();
    }
}
