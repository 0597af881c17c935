package io.myelin.engine;

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

    /**
     * Where to go on in a log that lost what was read of it. The leader before the new position is not known; that it
     * was none later than the one before the old position is enough to notice that the log is cut once more.
     */
    public LogPosition truncated(long to) {
        return new LogPosition(topic, to, to < nextOffset ? leaderEpoch : -1);
    }
}
