package io.myelin.clientsync.cache;

import io.myelin.matrix.id.RoomId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The number of what is newest in the rooms that changed last. Of rooms that changed longer ago it knows only up to which
 * number that was: there may be something new in them up to there.
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

    /** Never less than the number of what is newest in a room. */
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
