package io.myelin.engine.ephemeral;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ownership.Claims;
import java.util.Map;

/**
 * Where it is kept who owns an ephemeral service's shards, and the little that is worth keeping of what is in them. All
 * methods are called by any thread, and throw {@link StoreUnavailable} if they could not be done now.
 *
 * @param <S> what is remembered of a key
 */
public interface EphemeralStore<S> {

    /** Who owns the shards. */
    Claims claims();

    /** What was written down of a shard, by key. */
    Map<String, S> load(int shard);

    /** Writes down, unless the row is of a later epoch; whether it was done. */
    boolean keep(int shard, long rowEpoch, Map<String, S> states);
}
