package io.myelin.contracts;

import io.myelin.engine.ephemeral.ShardValues;

/**
 * Queries about the values of an ephemeral shard; see {@code EphemeralShard}. Only the owner can answer, since it keeps its
 * values in memory.
 *
 * @param <V> a value, which names its key
 */
public interface EphemeralQueries<V> {

    /**
     * All values of a shard, also those that became empty within the last minutes.
     *
     * @throws Unavailable if no owner answers
     */
    ShardValues<V> values(int shard);
}
