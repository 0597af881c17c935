package io.myelin.engine.shard;

import java.util.UUID;

/**
 * How far a shard has consumed its input.
 *
 * @param topic the id of the topic that the offset belongs to; all zero before the first
 * @param nextOffset everything below is done
 * @param leaderEpoch of the last record consumed, -1 if unknown
 */
public record LogPosition(UUID topic, long nextOffset, int leaderEpoch) {

    public static final UUID NO_TOPIC = new UUID(0, 0);

    public static final LogPosition START = new LogPosition(NO_TOPIC, 0, -1);
}
