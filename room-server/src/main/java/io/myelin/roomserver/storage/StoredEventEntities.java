package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.EventEntity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds events by their IDs alone, in whatever room of the shard. */
final class StoredEventEntities {

    /**
     * The redaction is looked up only for events without a place that may get one: outliers, and history that waits for its
     * place.
     */
    private static final String EVENTS = """
            SELECT e.seq, e.anchor, e.back, e.event_id, e.state, e.standing, e.body, r.room_id, r.version,
                   b.seq AS redacted_by, b.event_id AS b_event_id, b.body AS b_body
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
              LEFT JOIN LATERAL (SELECT * FROM event b
                                  WHERE e.standing IN (4, 7) AND b.shard = e.shard AND b.seq = coalesce(e.redacted_by,
                                        (SELECT y.seq FROM event y WHERE y.shard = e.shard AND y.redacts = e.event_id
                                          ORDER BY y.seq LIMIT 1)) LIMIT 1) b ON true
             WHERE e.event_id = ANY (?) AND e.shard = ?""";

    private StoredEventEntities() {}

    /** The known ones among these events. */
    static Map<EventId, EventEntity> find(JdbcClient jdbc, int shard, Collection<EventId> ids) {
        byte[][] bytes = ids.stream()
                .map(EventIds::bytesInAnyFormat)
                .flatMap(Optional::stream)
                .toArray(byte[][]::new);
        Map<EventId, EventEntity> found = new HashMap<>();
        if (bytes.length > 0) {
            List<EventEntity> events = jdbc.sql(EVENTS)
                    .params(bytes, shard)
                    .query((row, _) -> StoredEventEntities.read(row))
                    .list();
            events.forEach(event -> found.put(event.id(), event));
        }
        found.keySet().retainAll(ids); // a hash in the alphabet of another version names nothing
        return found;
    }

    private static EventEntity read(ResultSet row) throws SQLException {
        RoomVersion version = RoomVersions.find(row.getString("version")).orElseThrow();
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        return new EventEntity(
                new RoomId(row.getString("room_id")),
                row.getLong("seq"),
                Standings.find(row.getShort("standing")),
                row.getLong("state"),
                StoredPdus.place(row),
                EventTable.redactedBy(row),
                Pdu.stored(version, id, row.getBytes("body")));
    }
}
