package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.check.Findings;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.SchemaSnapshot;
import io.myelin.roomserver.state.EventNumbers;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a room goes on from several events, or not from its newest, these forward extremities are accepted events of the
 * room, and no live event comes after one of them.
 */
final class Leaves implements Invariant {

    private static final int AT_ONCE = 256;

    /** The heads that count: a room's head is void once the room has a newer event. */
    private static final String HEADS = """
            SELECT h.shard, h.room, h.extremities, r.room_id, r.version
              FROM room_head h JOIN room r ON r.shard = h.shard AND r.number = h.room
             WHERE h.seq >= ALL (SELECT e.anchor FROM event e WHERE e.shard = h.shard AND e.room = h.room
                                    AND e.anchor IS NOT NULL ORDER BY e.anchor DESC, e.back DESC LIMIT 1)""";

    private static final String EXTREMITIES =
            "SELECT seq, event_id FROM event WHERE shard = ? AND room = ? AND seq = ANY (?) AND anchor IS NOT NULL";

    private static final String LATER = """
            SELECT seq, event_id, body FROM event
             WHERE shard = ? AND room = ? AND anchor > ? AND back = 0""";

    @Override
    public String name() {
        return "forward-extremity-is-a-leaf";
    }

    @Override
    public String remedy() {
        return RoomInvariants.PURGE_OR_RESTORE;
    }

    @Override
    public void check(SchemaSnapshot snapshot, Findings found) throws SQLException {
        snapshot.forEach(HEADS, AT_ONCE, head -> {
            String place = "shard " + head.getInt("shard") + ", room " + head.getString("room_id");
            try {
                check(snapshot, head, place, found);
            } catch (RuntimeException unreadable) {
                found.add(place, "its forward extremities cannot be read: " + unreadable);
            }
            return !found.isFull();
        });
    }

    private static void check(SchemaSnapshot snapshot, ResultSet head, String place, Findings found)
            throws SQLException {
        int shard = head.getInt("shard");
        long room = head.getLong("room");
        RoomVersion version = RoomVersions.find(head.getString("version")).orElseThrow();
        List<Long> extremities =
                EventNumbers.parse(head.getBytes("extremities")).toList();
        Map<EventId, Long> ids = new HashMap<>();
        snapshot.jdbc()
                .sql(EXTREMITIES)
                .params(shard, room, extremities.toArray(Long[]::new))
                .query(row -> {
                    ids.put(EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getLong("seq"));
                });
        extremities.stream()
                .filter(number -> !ids.containsValue(number))
                .forEach(number ->
                        found.add(place, "forward extremity " + number + " is no event that has a place in the room"));
        if (extremities.isEmpty()) {
            found.add(place, "it has no forward extremity");
            return;
        }
        try (PreparedStatement later = snapshot.connection().prepareStatement(LATER)) {
            later.setFetchSize(AT_ONCE);
            later.setInt(1, shard);
            later.setLong(2, room);
            later.setLong(3, extremities.getFirst());
            try (ResultSet row = later.executeQuery()) {
                while (row.next() && !found.isFull()) {
                    EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
                    long number = row.getLong("seq");
                    Pdu.stored(version, id, row.getBytes("body")).prevEvents().stream()
                            .filter(ids::containsKey)
                            .forEach(prev -> found.add(
                                    place,
                                    "forward extremity " + ids.get(prev) + " is no leaf: event " + number
                                            + " comes after it"));
                }
            }
        }
    }
}
