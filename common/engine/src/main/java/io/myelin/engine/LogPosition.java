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
     * The position to continue from in a log that lost records which had been read. The leader epoch before the new
     * position is not known. It is at most the one before the old position, which is enough to notice that the log is
     * truncated once more.
     */
    public LogPosition truncated(long to) {
        return new LogPosition(topic, to, to < nextOffset ? leaderEpoch : -1);
    }
}
