package io.myelin.engine.ownership;

import io.myelin.engine.StoreUnavailable;
import java.util.Set;

/**
 * Where it is kept who owns a service's shards. All methods are called by any thread, and throw {@link StoreUnavailable}
 * if they could not be done now.
 */
public interface Claims {

    /**
     * Looks who owns what, and claims of the wanted shards those that are this instance's own by their rows and, up to
     * its {@link Balance#share}, those that no living instance owns; each in a new epoch that is committed on return.
     */
    Look look(Set<Integer> wanted);

    /** Tells the others that this instance is about to leave, and wants no shards any more. */
    void leave();

    /**
     * Gives a shard up, if the epoch is still its own, and tells the others.
     *
     * @param published what the output topic is known to have, 0 where there is no log
     */
    void release(int shard, long epoch, long published);
}
