package io.myelin.engine.shard;

import java.util.UUID;

/** Where a consumer stands after it was asked to continue at a {@link io.myelin.engine.LogPosition}. */
public sealed interface SeekResult {

    /** The offset that the input ended at when the consumer was positioned; exclusive. */
    long end();

    /** The consumer is at the position asked for. */
    record Positioned(long end) implements SeekResult {}

    /** The topic was created anew: the consumer is at the oldest record retained. */
    record OtherTopic(UUID topic, long beginning, long end) implements SeekResult {}

    /** The same topic lost records, or no longer has the offset: the consumer is at an offset that it has. */
    record Truncated(long to, long end) implements SeekResult {}
}
