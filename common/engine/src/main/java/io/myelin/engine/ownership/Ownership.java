package io.myelin.engine.ownership;

import java.util.Set;

/** An engine's inputs and queries about the owners of its shards. The shell calls them on the engine's one thread. */
public interface Ownership {

    /** Another instance came, left or released a shard, so a look is due. */
    void lookForShards(long now);

    /**
     * The outcome of a look. This process owns the claimed shards and, if it has more than its share, gives one shard up.
     */
    void looked(int life, OwnerScan look, long now);

    /** The rows could not be looked at. */
    void lookFailed(int life, long now);

    /** A release is over. If it failed, the row still names this process, and the next look claims the shard. */
    void released(int number, long epoch, long now);

    /**
     * The lease was lost: every shard may have another owner by now. Only after this may the process take a lease under a
     * new id; otherwise the new lease would vouch for answers about shards that were lost with the old one.
     */
    void leaseLost();

    /** A planned stop: every shard is given up once its work under way has ended, and no shard is claimed any more. */
    void leave(long now);

    /** Whether everything was released after {@link #leave}. */
    boolean hasLeft();

    /** Whether every shard had a living owner when this instance last looked. */
    boolean allOwned();

    /** The shards that this process can answer queries about, if its lease holds. */
    Set<Integer> owned();
}
