package io.myelin.engine.ownership;

import io.myelin.engine.LogPosition;

/**
 * A shard's row as its new owner found it, after the owner's epoch was committed.
 *
 * @param attempts how often the shard was claimed since its last commit or release
 * @param seq the number of the last committed fact
 * @param published the number up to which the output topic is known to be complete
 */
public record ShardRow(
        int shard, long epoch, int attempts, long seq, long published, long incarnation, LogPosition position) {}
