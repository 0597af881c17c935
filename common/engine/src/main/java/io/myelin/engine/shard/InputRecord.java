package io.myelin.engine.shard;

import org.jspecify.annotations.Nullable;

/**
 * A request as it was read from the input topic.
 *
 * @param request null if the record is no request, and is then skipped
 * @param bytes of the record
 */
public record InputRecord<C>(
        long offset, int leaderEpoch, @Nullable Request<C> request, int bytes) {}
