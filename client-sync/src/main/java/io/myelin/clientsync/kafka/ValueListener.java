package io.myelin.clientsync.kafka;

import io.myelin.clientsync.ephemeral.CachedValues;
import io.myelin.engine.ephemeral.Version;
import io.myelin.kafka.EphemeralSubscriber;

/** Feeds the output topic of an ephemeral service into its cache. */
public record ValueListener<V>(CachedValues<V> cache) implements EphemeralSubscriber<V> {

    @Override
    public void changed(int shard, Version version, V value) {
        cache.changed(shard, version, value);
    }

    @Override
    public void reset(int shard, Version asOf) {
        cache.reset(shard, asOf);
    }

    @Override
    public void settled(int shard) {
        cache.settled(shard);
    }
}
