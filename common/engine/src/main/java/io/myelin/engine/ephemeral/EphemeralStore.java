package io.myelin.engine.ephemeral;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ownership.Claims;
import java.util.Map;

/**
 * The store of an ephemeral service: the owners of its shards, and the few states that are worth storing. Any thread may
 * call the methods; they throw {@link StoreUnavailable} if the store is not available now.
 *
 * @param <S> the state of a key
 */
public interface EphemeralStore<S> {

    /** The owners of the shards. */
    Claims claims();

    /** The stored states of a shard, by key. */
    Map<String, S> load(int shard);

    /** Stores states, unless the row has a later epoch; returns whether it did. */
    boolean keep(int shard, long rowEpoch, Map<String, S> states);
}
