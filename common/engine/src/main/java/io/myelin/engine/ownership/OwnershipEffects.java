package io.myelin.engine.ownership;

import java.util.Set;

/** What {@link OwnedShards} want done by the shell, which brings the outcome back by the input that the method names. */
public interface OwnershipEffects {

    /**
     * Look who owns what: take over those of these shards that are our own by their rows and, up to our share, those
     * that are free → {@link Ownership#looked} or {@link Ownership#lookFailed}, with the same {@code life}.
     */
    void look(int life, Set<Integer> wanted);

    /**
     * Give a shard up, of which nothing is under way any more, after no other thread is told from any memory what is in
     * it → {@link Ownership#released}, also if that failed.
     */
    void release(int shard, long epoch, long published);
}
