package io.myelin.clientsync.cache;

import io.myelin.contracts.Partitions;
import io.myelin.matrix.id.RoomId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Values by room, in the shards of a log. A value is loaded from its owner when it is first wanted, and kept up to date
 * from the log after that.
 *
 * @param <S> what is cached of a shard
 */
abstract class CacheByRoom<S extends CachedShard<?>> {
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
}
