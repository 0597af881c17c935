package io.myelin.engine.ephemeral;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Follows the values that {@link EphemeralRuntime}s publish. Records of an earlier owner are ignored once a record of a
 * later owner was received. A tail that may have missed something, also at the start of an epoch, asks the owner for all
 * values, and applies the records that come until the owner answers.
 *
 * <p>Inputs are its methods, called by one thread. Before {@link #start} and {@link #placeLost} the shell positions the
 * consumer: records published from then on are still to be read.
 */
public final class ValueTail<V> {

    private final List<ValueTailOfShard<V>> shards = new ArrayList<>();

    /** @param key the key of a value */
    public ValueTail(int shardCount, Function<V, String> key, ValueTailEffects<V> effects, ValueTailLimits limits) {
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new ValueTailOfShard<>(shard, key, effects, limits));
        }
    }

    /** The consumer stands at the end of the shard's partition: begin to follow it. */
    public void start(int shard, long now) {
        shards.get(shard).placeLost(now);
    }

    /** The consumer may have missed something and continues from here. */
    public void placeLost(int shard, long now) {
        shards.get(shard).placeLost(now);
    }

    /** Records of a shard's partition, in its order. */
    public void polled(int shard, List<Publication<V>> records, long now) {
        ValueTailOfShard<V> tail = shards.get(shard);
        records.forEach(record -> tail.polled(record, now));
    }

    public void answered(int shard, ShardValues<V> values, long now) {
        shards.get(shard).answered(values, now);
    }

    public void askFailed(int shard, long now) {
        shards.get(shard).askFailed(now);
    }

    /** Time has passed: failed questions are asked again, and silent owners are asked whether they are there. */
    public void tick(long now) {
        shards.forEach(shard -> shard.tick(now));
    }

    /** The newest version that was received of a shard. */
    public Version position(int shard) {
        return shards.get(shard).position();
    }

    /** Whether every shard's owner has answered once. */
    public boolean hasStarted() {
        return shards.stream().allMatch(ValueTailOfShard::hasStarted);
    }
}
