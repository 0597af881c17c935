package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.state.EventNumbers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** State events as entities have them: as they read now. */
final class StoredStateEvents {

    private static final String EVENTS = """
            SELECT e.seq, e.event_id, e.body, %s AS is_redacted
              FROM event e WHERE e.shard = ? AND e.seq = ANY (?)""".formatted(EventTable.isRedacted("e"));

    private StoredStateEvents() {}

    static List<StateEvent> read(Connection connection, int shard, RoomVersion version, EventNumbers numbers)
            throws SQLException {
        return new Sql(connection, EVENTS, shard, numbers.toList().toArray(Long[]::new)).list(row -> {
            Pdu event = Pdu.stored(
                    version, EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getBytes("body"));
            return new StateEvent(row.getLong("seq"), row.getBoolean("is_redacted") ? event.redacted() : event);
        });
    }
}
