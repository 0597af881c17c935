package io.myelin.kafka;

import io.myelin.engine.ephemeral.EphemeralStore;
import io.myelin.engine.ephemeral.ShardValues;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * An ephemeral service's shards in this process: one thread that reads inputs and publishes what changes; see {@link
 * io.myelin.engine.ephemeral.EphemeralRuntime}.
 */
public final class EphemeralService<I, S, V> implements AutoCloseable {

    private final int shards;
    private final EphemeralLoop<I, S, V> loop;

    /** @param leaseHolds whether nobody else can own what this process owns */
    public EphemeralService(
            EphemeralServiceSpec<I, S, V> spec,
            EphemeralStore<S> store,
            BooleanSupplier leaseHolds,
            KafkaSettings kafka,
            TopicWatch watch) {
        shards = spec.shards();
        loop = new EphemeralLoop<>(spec, store, leaseHolds, kafka, watch);
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

    /** Another instance came, left or released something. */
    public void moved() {
        loop.moved();
    }

    /** All values of a shard, if this process owns it and its lease holds. */
    public Optional<ShardValues<V>> values(int shard) {
        return loop.values(shard);
    }

    /** The same of one key. */
    public Optional<ShardValues<V>> values(int shard, String key) {
        return loop.values(shard, key);
    }

    /** Whether every shard had a living owner when this process last looked. */
    public boolean allOwned() {
        return loop.allOwned();
    }

    /** The shards that this process owned when its loop last turned; whether its lease still holds is not asked. */
    public Set<Integer> owned() {
        return loop.owned();
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return owned().size() == shards;
    }

    /** Stops: what is worth it is written down, then the shards are released for others. */
    public void stop(Duration patience) {
        loop.stop(patience);
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }
}
