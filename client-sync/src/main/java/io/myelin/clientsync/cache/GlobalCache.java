package io.myelin.clientsync.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** The cached rooms, which all users share. */
public final class GlobalCache extends CacheByRoom<RoomShard> {
    private static final int ATTEMPTS = 5;
    private static final int MOST_TOO_HEAVY = 10_000;
    private static final Duration TOO_HEAVY_FOR = Duration.ofSeconds(30);

    private final RoomLoader loader;
    private final MemoryBudget budget;
    private final PeekNews peeks;

    /** Rooms that were too heavy a moment ago: they are not loaded again at once. */
    private final Cache<RoomId, TooHeavy> tooHeavy = Caffeine.newBuilder()
            .maximumSize(MOST_TOO_HEAVY)
            .expireAfterWrite(TOO_HEAVY_FOR)
            .build();

    /** A room in the {@link MemoryBudget}. */
    private record Key(RoomId room) {}

    /** @param executor for loading several rooms at once; its tasks block */
    public GlobalCache(
            int shardCount,
            RoomQueries rooms,
            LogReader log,
            UserWakeups news,
            MemoryBudget budget,
            Executor executor) {
        this(shardCount, rooms, log, news, budget, executor, new PeekNews());
    }

    private GlobalCache(
            int shardCount,
            RoomQueries rooms,
            LogReader log,
            UserWakeups news,
            MemoryBudget budget,
            Executor executor,
            PeekNews peeks) {
        super(
                shardCount,
                () -> new RoomShard(withPeeks(news, peeks), room -> budget.weigh(new Key(room.id()), room.weight())),
                log,
                executor);
        this.budget = budget;
        this.loader = new RoomLoader(rooms, budget);
        this.peeks = peeks;
    }

    private static UserWakeups withPeeks(UserWakeups news, PeekNews peeks) {
        return new UserWakeups() {
            @Override
            public void of(UserId user) {
                news.of(user);
            }

            @Override
            public void of(UserId user, String device) {
                news.of(user, device);
            }

            @Override
            public void in(RoomId room) {
                peeks.in(room);
            }
        };
    }

    /** Wakes requests of users who look into rooms without being in them. */
    public PeekNews peeks() {
        return peeks;
    }

    public RoomLoader loader() {
        return loader;
    }

    @Override
    void expect(RoomId room) {
        shardOf(room).expectRoom(room);
    }

    @Override
    void forget(RoomId room) {
        shardOf(room).forgetRoom(room);
    }

    /** The room as of everything that is committed now; empty if there is none. */
    public Optional<CachedRoom> current(RoomId room) {
        catchUp(room);
        return room(room);
    }

    /**
     * The room as of its shard's position.
     *
     * @throws Unavailable if it cannot be loaded now
     * @throws TooHeavy if it is larger than everything that may be cached
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

    /** The same, but empty for a room that is too heavy to be read. */
    public Optional<CachedRoom> roomIfReadable(RoomId id) {
        try {
            return room(id);
        } catch (TooHeavy e) {
            return Optional.empty();
        }
    }

    /** Marks a room as used just now, so that it is not dropped soon. */
    public void touch(CachedRoom room) {
        budget.hold(new Key(room.id()), room.weight(), () -> forget(room.id()));
    }

    private boolean load(RoomId id) {
        RoomShard shard = shardOf(id);
        if (shard.room(id).isPresent()) {
            return true;
        }
        TooHeavy before = tooHeavy.getIfPresent(id);
        if (before != null) {
            throw before;
        }
        try {
            return load(id, () -> loadWithin(shard, id));
        } catch (TooHeavy e) {
            tooHeavy.put(id, e);
            throw e;
        }
    }

    /**
     * Loads a room, which counts in the budget from before its events are asked for. A load that waits for memory gives
     * up its turn to others, and keeps nothing of the room.
     *
     * @return the number up to which the room is complete; empty if there is none
     */
    private Optional<Long> loadWithin(RoomShard shard, RoomId id) {
        AtomicLong needed = new AtomicLong();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (MemoryBudget.Reservation space = budget.reserve(needed.get())) {
                long reserved = needed.get();
                Optional<Optional<Long>> asOf = loads.inTurn(() -> {
                    Optional<RoomSnapshot> snapshot = loader.snapshot(id);
                    needed.set(snapshot.map(RoomLoader::weight).orElse(0L));
                    return space.addIfFree(Math.max(0, needed.get() - reserved))
                            ? Optional.of(snapshot.map(found -> load(shard, found, space)))
                            : Optional.empty();
                });
                if (asOf.isPresent()) {
                    return asOf.get();
                }
            }
        }
        throw new Unavailable("The room grows faster than it can be loaded: " + id);
    }

    private long load(RoomShard shard, RoomSnapshot snapshot, MemoryBudget.Reservation space) {
        RoomId id = snapshot.room();
        CachedRoom room = loader.load(snapshot);
        if (room.weight() > budget.capacity()) {
            throw new TooHeavy(room.weight(), budget.capacity());
        }
        shard.loadedRoom(new RoomLoader.Loaded(room, snapshot.asOf()));
        space.becomes(new Key(id), room.weight(), () -> forget(id));
        return snapshot.asOf();
    }

    /**
     * Loads a room, or waits until the log has told that it was purged.
     *
     * @return whether it is not too heavy
     */
    private boolean loadOrHear(RoomId room) {
        try {
            if (room(room).isEmpty()) {
                catchUp(room);
            }
            return true;
        } catch (TooHeavy e) {
            return false;
        }
    }

    /**
     * Loads several rooms in parallel. If one of them was purged, the cache has heard of that afterwards.
     *
     * @return those that are too heavy to be loaded
     */
    public Set<RoomId> load(Collection<RoomId> rooms) {
        loadSmall(rooms);
        List<RoomId> others = rooms.stream().filter(this::isMissing).toList();
        Set<RoomId> heavy = ConcurrentHashMap.newKeySet();
        each(others, room -> {
            if (!loadOrHear(room)) {
                heavy.add(room);
            }
        });
        return heavy;
    }

    /** Begins to load the small ones of some rooms that will be wanted soon; who wants one meanwhile waits for it. */
    public void loadAhead(Collection<RoomId> rooms) {
        ahead(() -> loadSmall(rooms));
    }

    private void loadSmall(Collection<RoomId> rooms) {
        loadTogether(
                rooms,
                room -> isMissing(room) && tooHeavy.getIfPresent(room) == null,
                (shard, missing) -> expecting(shard, missing, left -> loadSmall(shard, missing, left)));
    }

    private boolean isMissing(RoomId room) {
        return shardOf(room).room(room).isEmpty();
    }

    /**
     * Loads the small ones of some rooms by one question.
     *
     * @param left rooms are taken out of it as they are loaded
     * @return the number up to which they are complete
     */
    private long loadSmall(int number, List<RoomId> ids, Set<RoomId> left) {
        RoomShard shard = shards().get(number);
        long asOf = 0;
        List<RoomSnapshot> answer;
        try (MemoryBudget.Reservation bytes =
                budget.reserve(Math.min(RoomQueries.ROOMS_BYTES, budget.capacity() / 8))) {
            answer = loads.inTurn(() -> loader.smallRooms(number, ids));
            for (RoomSnapshot snapshot : answer) {
                try (MemoryBudget.Reservation space = budget.reserve(0)) {
                    if (RoomLoader.weight(snapshot) <= budget.capacity()
                            && space.addIfFree(RoomLoader.weight(snapshot))) {
                        asOf = Math.max(asOf, load(shard, snapshot, space));
                        left.remove(snapshot.room());
                    }
                }
            }
        }
        return asOf;
    }

    /** How many rooms are cached or being loaded. */
    public int size() {
        return shards().stream().mapToInt(RoomShard::cachedRooms).sum();
    }
}
