package io.myelin.engine.ownership;

import io.myelin.engine.StoreUnavailable;
import java.util.Set;

/**
 * The stored owners of a service's shards. Any thread may call the methods; they throw {@link StoreUnavailable} if the
 * store is not available now.
 */
public interface Claims {

    /**
     * Reads the owner of every shard. Of the wanted shards it claims those that are this instance's by their rows and, up
     * to its {@link Balance#share}, those that no living instance owns. Each claim begins a new epoch, which is committed
     * on return.
     */
    OwnerScan look(Set<Integer> wanted);

    /** Tells the other instances that this one is about to leave and wants no more shards. */
    void leave();

    /**
     * Releases a shard, if its row still has this epoch, and tells the other instances.
     *
     * @param published the number up to which the output topic is known to be complete; 0 without a log
     */
    void release(int shard, long epoch, long published);
}
