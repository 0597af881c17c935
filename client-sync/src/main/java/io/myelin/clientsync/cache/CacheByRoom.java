package io.myelin.clientsync.cache;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values by room, in the shards of a log. A value is loaded from its owner when it is first wanted, and kept up to date
 * from the log after that.
 *
 * @param <S> what is cached of a shard
 */
abstract class CacheByRoom<S extends CachedShard<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(CacheByRoom.class);

    final LoadQueue<RoomId> loads = new LoadQueue<>();
    private final List<S> shards;
    private final LogReader log;
    private final Executor executor;

    /** @param executor for loading several rooms at once; its tasks block */
    CacheByRoom(int shardCount, Supplier<S> shard, LogReader log, Executor executor) {
        shards = Stream.generate(shard).limit(shardCount).toList();
        this.log = log;
        this.executor = executor;
    }

    public List<S> shards() {
        return shards;
    }

    public int shardNumber(RoomId room) {
        return Partitions.of(room.value(), shards.size());
    }

    public S shardOf(RoomId room) {
        return shards.get(shardNumber(room));
    }

    /** Keeps the facts of a room from now on. */
    abstract void expect(RoomId room);

    abstract void forget(RoomId room);

    /** Waits until everything that is committed in the room's shard now has been applied. */
    final void catchUp(RoomId room) {
        TailWaits.get(log.barrier(shardNumber(room)));
    }

    /**
     * Loads a room and waits until the tail has reached the position of the answer. The room's facts are kept from
     * before its owner is asked.
     *
     * @param answer asks the owner, hands its answer to the shard, and returns the number as of which the answer is;
     *     empty if there is no such room
     * @return whether there is such a room
     */
    final boolean load(RoomId room, Supplier<Optional<Long>> answer) {
        forget(room);
        expect(room);
        boolean done = false;
        try {
            Optional<Long> asOf = answer.get();
            asOf.ifPresent(seq -> TailWaits.get(log.await(shardNumber(room), seq)));
            done = asOf.isPresent();
            return done;
        } finally {
            if (!done) {
                forget(room);
            }
        }
    }

    /** Begins work that nobody waits for. What cannot be loaded now is loaded when it is wanted. */
    final void ahead(Runnable work) {
        executor.execute(() -> {
            try {
                work.run();
            } catch (Unavailable | TooHeavy e) {
                LOG.debug("Rooms cannot be loaded ahead", e);
            }
        });
    }

    /** Runs work that may load rooms for each of these rooms, in parallel; returns when all of it is done. */
    final void each(Collection<RoomId> rooms, Consumer<RoomId> work) {
        if (rooms.size() == 1) {
            work.accept(rooms.iterator().next());
            return;
        }
        List<CompletableFuture<Void>> all = rooms.stream()
                .map(room -> CompletableFuture.runAsync(() -> work.accept(room), executor))
                .toList();
        all.forEach(TailWaits::get);
    }

    /** How many rooms are loaded by one question. */
    static final int TOGETHER = 50;

    /** Fewer missing rooms than this are loaded one by one. */
    private static final int FEWEST = 4;

    /**
     * Loads rooms by questions for many of them, as far as that goes; whatever is still missing afterwards has to be loaded
     * one by one.
     *
     * @param isMissing whether a room is not cached
     * @param load gets rooms of one shard that nobody else is loading
     */
    final void loadTogether(
            Collection<RoomId> rooms, Predicate<RoomId> isMissing, BiConsumer<Integer, List<RoomId>> load) {
        Map<Integer, List<RoomId>> byShard =
                rooms.stream().filter(isMissing).collect(Collectors.groupingBy(this::shardNumber));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        byShard.forEach((shard, missing) -> {
            for (int from = 0; missing.size() >= FEWEST && from < missing.size(); from += TOGETHER) {
                List<RoomId> some = missing.subList(from, Math.min(missing.size(), from + TOGETHER));
                all.add(CompletableFuture.runAsync(
                        () -> loads.together(some, mine -> loadMissing(shard, mine, isMissing, load)), executor));
            }
        });
        for (CompletableFuture<Void> each : all) {
            try {
                TailWaits.get(each);
            } catch (Unavailable | TooHeavy e) {
                LOG.debug("Rooms cannot be loaded together", e);
            }
        }
    }

    /** Somebody else may have loaded some of the rooms before it was this load's turn. */
    private static void loadMissing(
            int shard, List<RoomId> mine, Predicate<RoomId> isMissing, BiConsumer<Integer, List<RoomId>> load) {
        List<RoomId> missing = mine.stream().filter(isMissing).toList();
        if (!missing.isEmpty()) {
            load.accept(shard, missing);
        }
    }

    /** Keeps the facts of these rooms from before the owner is asked, and forgets those that are not loaded. */
    final void expecting(int shard, List<RoomId> rooms, Function<Set<RoomId>, Long> answer) {
        rooms.forEach(room -> {
            forget(room);
            expect(room);
        });
        Set<RoomId> left = new HashSet<>(rooms);
        boolean done = false;
        try {
            TailWaits.get(log.await(shard, answer.apply(left)));
            done = true;
        } finally {
            (done ? left : rooms).forEach(this::forget);
        }
    }
}
