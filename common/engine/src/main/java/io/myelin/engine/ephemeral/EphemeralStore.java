package io.myelin.engine.ephemeral;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.shard.Balance;
import io.myelin.engine.shard.Look;
import java.util.Map;
import java.util.Set;

/**
 * Where it is kept who owns an ephemeral service's shards, and the little that is worth keeping of what is in them. All
 * methods are called by any thread, and throw {@link StoreUnavailable} if they could not be done now.
 *
 * @param <S> what is remembered of a key
 */
public interface EphemeralStore<S> {

    /**
     * Looks who owns what, and claims of the wanted shards those that are this instance's own by their rows and, up to
     * its {@link Balance#share}, those that no living instance owns; each in a new epoch that is committed on return.
     */
    Look look(Set<Integer> wanted);

    /** Tells the others that this instance is about to leave, and wants no shards any more. */
    void leave();

    /** Gives a shard up, if the row is still of that epoch, and tells the others. */
    void release(int shard, long rowEpoch);

    /** What was written down of a shard, by key. */
    Map<String, S> load(int shard);

    /** Writes down, unless the row is of a later epoch; whether it was done. */
    boolean keep(int shard, long rowEpoch, Map<String, S> states);
}
