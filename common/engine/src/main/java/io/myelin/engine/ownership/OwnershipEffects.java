package io.myelin.engine.ownership;

import java.util.Set;

/**
 * The effects that {@link OwnedShards} asks the shell for. The shell reports each outcome by the input that the method
 * names.
 */
public interface OwnershipEffects {

    /**
     * Look at the owners of the shards. Claim those of the wanted shards that are this instance's by their rows and, up to
     * its share, those that are free → {@link Ownership#looked} or {@link Ownership#lookFailed}, with the same {@code
     * life}.
     */
    void look(int life, Set<Integer> wanted);

    /**
     * Release a shard that has no work under way, once no thread answers queries about it from memory any more → {@link
     * Ownership#released}, also if the release failed.
     */
    void release(int shard, long epoch, long published);
}
