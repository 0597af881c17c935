package io.myelin.clientsync.cache;

import io.myelin.matrix.id.RoomId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest number of each of the rooms that changed last. For all other rooms it knows only an upper bound: the
 * highest of their newest numbers.
 */
final class NewestByRoom {
    private static final int MOST = 20_000;

    private final int most;
    private final LinkedHashMap<RoomId, Long> newest = new LinkedHashMap<>();
    private long others;

    NewestByRoom() {
        this(MOST);
    }

    NewestByRoom(int most) {
        this.most = most;
    }

    void put(RoomId room, long seq) {
        newest.remove(room);
        newest.put(room, seq);
        if (newest.size() > most) {
            Map.Entry<RoomId, Long> oldest = newest.pollFirstEntry();
            others = Math.max(others, oldest.getValue());
        }
    }

    /** The newest number of a room, or an upper bound of it. */
    long of(RoomId room) {
        return newest.getOrDefault(room, others);
    }

    void remove(RoomId room) {
        newest.remove(room);
    }

    void clear() {
        newest.clear();
        others = 0;
    }
}
