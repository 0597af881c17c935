package io.myelin.engine.ownership;

import io.myelin.engine.LogPosition;

/**
 * A shard's row as its new owner found it, after the owner's epoch was committed.
 *
 * @param attempts how often the shard was claimed since something was last done in it or it was last released
 * @param seq the number of the last committed fact
 * @param published a lower bound of what the output topic has
 */
public record ShardRow(
        int shard, long epoch, int attempts, long seq, long published, long incarnation, LogPosition position) {}
