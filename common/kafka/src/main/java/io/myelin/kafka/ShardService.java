package io.myelin.kafka;

import io.myelin.contracts.Unavailable;
import io.myelin.engine.Committed;
import io.myelin.engine.UuidV7;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * A service's shards in this process: one thread that polls commands, has them decided and committed, and publishes and
 * replies; see {@link ShardRuntime}.
 */
public final class ShardService<S, C, F> implements AutoCloseable {

    private final ShardLoop<S, C, F> loop;
    private final Doors doors;
    private final int shards;

    /** @param leaseHolds whether nobody else can own what this process owns */
    public ShardService(
            ShardServiceSpec<S, C, F> spec, ShardStore<S, F> store, BooleanSupplier leaseHolds, Shell shell) {
        UuidV7 ids = new UuidV7(
                System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
        shards = spec.shards();
        doors = new Doors();
        loop = new ShardLoop<>(spec, store, leaseHolds, shell, doors, ids);
    }

    public void start() {
        loop.start();
    }

    /** Whether the loop has turned since this was last asked: what a lease is renewed for. */
    public boolean hasTurned() {
        return loop.hasTurned();
    }

    /** The lease was lost; returns when everything has been let go. */
    public void lostEverything() {
        loop.lostEverything();
    }

    /** What is committed in a shard, if this process owns it and its lease holds. */
    public Optional<Committed> committed(int shard) {
        return loop.committed(shard);
    }

    /** Another instance has come, or has released something: worth a look. */
    public void moved() {
        loop.moved();
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return owned().size() == shards;
    }

    /** The shards that this process owned when its loop last turned; whether its lease still holds is not asked. */
    public Set<Integer> owned() {
        return loop.owned();
    }

    /** Whether every shard had a living owner, here or elsewhere, at the last look (one every 500 ms). */
    public boolean allOwned() {
        return loop.allOwned();
    }

    /** What the loop has done. */
    public LoopFigures figures() {
        return loop.figures();
    }

    /**
     * Has a command decided that comes by this door instead of the input topic.
     *
     * @param deadline milliseconds since the epoch
     * @return the answer, after its commit; fails with {@link Unavailable} if this process does not own the shard, or
     *     no longer: the same command with the same id can then be repeated
     */
    public CompletableFuture<byte[]> ask(int shard, UUID id, long deadline, C command) {
        Doors.Door door = doors.open(deadline - System.currentTimeMillis());
        loop.ask(shard, new Request<>(id, deadline, new ReplyTo.Door(door.ticket()), null, command));
        return door.answer();
    }

    /** Stops: what is committed is published, then the shards are released for others. */
    public void stop(Duration patience) {
        loop.stop(patience);
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }
}
