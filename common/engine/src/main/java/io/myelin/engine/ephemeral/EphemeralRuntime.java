package io.myelin.engine.ephemeral;

import io.myelin.engine.ownership.OwnedShards;
import io.myelin.engine.ownership.Ownership;
import io.myelin.engine.ownership.OwnershipEffects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The engine of one ephemeral service in one process: it owns shards, each in an epoch, keeps a value for each key in
 * memory, and publishes it whole whenever it has changed. Nothing is committed and nothing is replayed: a new owner begins
 * with the stored states, if there are any, and with the inputs of the last minutes.
 *
 * <p>Inputs are its methods, called by one thread; effects go out through {@link EphemeralEffects} and {@link
 * OwnershipEffects}. Promises: a reader that receives all that is published, or asks for {@link #values} after it has
 * missed something, knows the same values as the owner; a value is no longer shown once its time is over.
 *
 * @param <I> an input
 * @param <S> the state of a key
 * @param <V> the value of a key, which readers are shown
 */
public final class EphemeralRuntime<I, S, V> {

    private final OwnedShards<EphemeralShard<I, S, V>> ownership;

    public EphemeralRuntime(
            int shardCount,
            EphemeralRules<I, S, V> rules,
            OwnershipEffects claiming,
            EphemeralEffects<S, V> effects,
            EphemeralLimits limits) {
        ownership = new OwnedShards<>(
                shardCount,
                limits.claimMillis(),
                claiming,
                (row, now) -> new EphemeralShard<>(row, rules, effects, limits, now));
    }

    public Ownership ownership() {
        return ownership;
    }

    // --- values

    /** All values of a shard, if this process owns it and it has begun. The caller checks that the lease still holds. */
    public Optional<ShardValues<V>> values(int number) {
        return Optional.ofNullable(ownership.get(number))
                .filter(EphemeralShard::answers)
                .map(EphemeralShard::values);
    }

    /** The same for one key. */
    public Optional<ShardValues<V>> values(int number, String key) {
        return Optional.ofNullable(ownership.get(number))
                .filter(EphemeralShard::answers)
                .map(shard -> shard.values(key));
    }

    /** The stored states, by key. */
    public void loaded(int number, long epoch, Map<String, S> states, long now) {
        with(number, epoch, shard -> shard.loaded(states, now));
    }

    public void loadFailed(int number, long epoch, long now) {
        with(number, epoch, shard -> shard.loadFailed(now));
    }

    /** Inputs of a shard; those of one topic in its order. */
    public void polled(int number, List<Input<I>> inputs, long now) {
        EphemeralShard<I, S, V> shard = ownership.get(number);
        if (shard != null) {
            shard.receive(inputs, now);
        }
    }

    public void published(int number, Version version, long now) {
        with(number, version.epoch(), shard -> {
            shard.published();
            ownership.releaseIfDrained(shard, now);
        });
    }

    public void publishFailed(int number, Publication<V> publication, long now) {
        with(number, publication.version().epoch(), shard -> {
            shard.publishFailed(publication, now);
            ownership.releaseIfDrained(shard, now);
        });
    }

    /** The states were stored. */
    public void kept(int number, long epoch, long now) {
        with(number, epoch, shard -> {
            shard.kept(now);
            ownership.releaseIfDrained(shard, now);
        });
    }

    public void keepFailed(int number, long epoch, long now) {
        with(number, epoch, shard -> shard.keepFailed(now));
    }

    private void with(int number, long epoch, Consumer<EphemeralShard<I, S, V>> action) {
        EphemeralShard<I, S, V> shard = ownership.get(number);
        if (shard != null && shard.versionEpoch() == epoch) {
            action.accept(shard);
        }
    }

    // --- time

    /** Time has passed: looks, time-outs, retries. */
    public void tick(long now) {
        ownership.look(now);
        for (EphemeralShard<I, S, V> shard : ownership.all()) {
            shard.tick(now);
            ownership.releaseIfDrained(shard, now);
        }
    }
}
