package io.myelin.kafka;

import io.myelin.engine.ephemeral.EphemeralStore;
import io.myelin.engine.ephemeral.ShardValues;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An ephemeral service's shards in this process: one thread that reads inputs and publishes what changes; see {@link
 * io.myelin.engine.ephemeral.EphemeralRuntime}.
 */
public final class EphemeralService<I, S, V> {

    private final EphemeralLoop<I, S, V> loop;

    /** @param leaseHolds whether no other process can own this process's shards */
    public EphemeralService(
            EphemeralServiceSpec<I, S, V> spec,
            EphemeralStore<S> store,
            BooleanSupplier leaseHolds,
            KafkaSettings kafka,
            TopicWatch watch) {
        loop = new EphemeralLoop<>(spec, store, leaseHolds, kafka, watch);
    }

    /** The thread that owns the shards. */
    public OwnerLoop loop() {
        return loop.loop();
    }

    /** All values of a shard, if this process owns it and its lease holds. */
    public Optional<ShardValues<V>> values(int shard) {
        return loop.values(shard);
    }

    /** The value of one key of a shard, if this process owns the shard and its lease holds. */
    public Optional<ShardValues<V>> values(int shard, String key) {
        return loop.values(shard, key);
    }
}
