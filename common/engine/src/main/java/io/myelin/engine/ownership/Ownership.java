package io.myelin.engine.ownership;

import java.util.Set;

/** What the shell of an engine tells it about who owns its shards, and asks. Called by the engine's one thread. */
public interface Ownership {

    /** Another instance came, left or released something: worth a look. */
    void moved(long now);

    /** The outcome of a look: what was claimed is ours, and who has too much gives one shard up. */
    void looked(int life, Look look, long now);

    /** The rows could not be looked at. */
    void lookFailed(int life, long now);

    /** A release is over. If it failed, the row still says that the shard is ours, and the next look claims it. */
    void released(int number, long epoch, long now);

    /**
     * The lease was lost: every shard may have another owner by now. Only after this may the process take a lease under
     * a new id, which would else vouch for what is said of shards that were lost with the old one.
     */
    void lostEverything();

    /** A planned stop: every shard is given up once what is under way in it has ended, and none is claimed any more. */
    void leave(long now);

    /** Whether everything was released after {@link #leave}. */
    boolean hasLeft();

    /** Whether every shard had a living owner when this instance last looked. */
    boolean allOwned();

    /** The shards that this process can tell about, if its lease holds. */
    Set<Integer> owned();
}
