package io.myelin.engine.shard;

import io.myelin.engine.LogPosition;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The offsets of a partition that have been read and are not done. Lanes finish commands out of order, but the consumed
 * position is a single offset.
 */
final class InputWindow {

    /** A record that is not done, with the leader epoch before it and the time when it arrived. */
    private record Open(Object work, int leaderEpochBefore, long arrived, int bytes) {}

    private UUID topic;
    private long read;
    private int leaderEpoch;
    private final TreeMap<Long, Open> open = new TreeMap<>();
    private long bytes;

    InputWindow(LogPosition position) {
        topic = position.topic();
        read = position.nextOffset();
        leaderEpoch = position.leaderEpoch();
    }

    /** Notes a record; false for one that has been read before. */
    boolean read(long offset, int recordLeaderEpoch, Object work, int recordBytes, long now) {
        if (offset < read) {
            return false;
        }
        open.put(offset, new Open(work, leaderEpoch, now, recordBytes));
        bytes += recordBytes;
        read = offset + 1;
        leaderEpoch = recordLeaderEpoch;
        return true;
    }

    /** Passes over a record that is no command. */
    void skip(long offset, int recordLeaderEpoch) {
        if (offset >= read) {
            read = offset + 1;
            leaderEpoch = recordLeaderEpoch;
        }
    }

    void done(long offset) {
        Open done = open.remove(offset);
        if (done != null) {
            bytes -= done.bytes();
        }
    }

    /** The position once these works are done too. */
    LogPosition positionAfter(Set<?> done) {
        for (Map.Entry<Long, Open> entry : open.entrySet()) {
            if (!done.contains(entry.getValue().work())) {
                return new LogPosition(topic, entry.getKey(), entry.getValue().leaderEpochBefore());
            }
        }
        return new LogPosition(topic, read, leaderEpoch);
    }

    LogPosition position() {
        return positionAfter(Set.of());
    }

    /** Continues at another position; open records are read again if they still exist. */
    void reposition(LogPosition position) {
        topic = position.topic();
        read = position.nextOffset();
        leaderEpoch = position.leaderEpoch();
        open.clear();
        bytes = 0;
    }

    /**
     * Whether too much is open, or the first offset that is not done lies too far back, to read on.
     *
     * @param waits whether a command waits for a preparation or a load beside the loop; the time of that does not count
     */
    boolean full(long now, ShardLimits limits, Predicate<Object> waits) {
        if (open.isEmpty()) {
            return false;
        }
        boolean othersAreDone = read - open.firstKey() > open.size();
        Open first = open.firstEntry().getValue();
        return read - open.firstKey() >= limits.window()
                || bytes >= limits.windowBytes()
                || (othersAreDone && now - first.arrived() >= limits.windowMillis() && !waits.test(first.work()));
    }
}
