package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.ForwardExtremity;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes entities of rows, when a shard first needs them. */
final class EntityLoader {

    private static final String NEWEST = """
            SELECT seq, event_id, body FROM event
             WHERE shard = ? AND room = ? ORDER BY anchor DESC, back DESC LIMIT 1""";

    private static final String STATE = """
            SELECT DISTINCT ON (e.type, e.state_key) e.seq, e.event_id, e.body,
                   EXISTS (SELECT FROM event x WHERE x.shard = e.shard AND x.redacts = e.event_id) AS is_redacted
              FROM event e
             WHERE e.shard = ? AND e.room = ? AND e.type IS NOT NULL
             ORDER BY e.type, e.state_key, e.seq DESC""";

    private static final String EVENT = """
            SELECT e.event_id, e.state_key, e.body, r.room_id, r.version
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.event_id = ? AND e.shard = ?""";

    private final RoomTables tables;

    EntityLoader(RoomTables tables) {
        this.tables = tables;
    }

    RoomEntity load(Connection connection, int shard, String key) throws SQLException {
        EntityKey parsed = EntityKey.parse(key);
        if (key.indexOf('\0') >= 0) {
            return parsed instanceof EntityKey.OfUser(UserId user)
                    ? new UserEntity(user, null, Set.of())
                    : new Absent();
        }
        return switch (parsed) {
            case EntityKey.OfRoom(var id) -> {
                Optional<RoomRow> row = tables.rooms.find(connection, shard, id);
                yield row.isPresent() ? room(connection, row.get()) : new Absent();
            }
            case EntityKey.OfAlias(var alias) -> {
                var found = tables.aliases.find(connection, shard, alias);
                yield found.isPresent() ? found.get() : new Absent();
            }
            case EntityKey.OfUser(var user) ->
                new UserEntity(
                        user,
                        tables.profiles.find(connection, shard, user).orElse(null),
                        tables.memberships.joined(connection, shard, user));
            case EntityKey.OfEvent(var id) -> event(connection, shard, id);
        };
    }

    private static Room room(Connection connection, RoomRow row) throws SQLException {
        RoomVersion version = RoomVersions.find(row.version()).orElseThrow();
        List<StateEvent> current = new Sql(connection, STATE, row.shard(), row.number()).list(state -> {
            Pdu pdu = pdu(version, state);
            return new StateEvent(state.getLong("seq"), state.getBoolean("is_redacted") ? pdu.redacted() : pdu);
        });
        StateMap<StateEvent> state = StateMap.empty();
        long newestState = 0;
        for (StateEvent event : current) {
            state = state.with(event.pdu().key(), event);
            newestState = Math.max(newestState, event.seq());
        }
        StateMap<StateEvent> whole = state;
        long stateSeq = newestState;
        return new Sql(connection, NEWEST, row.shard(), row.number())
                .first(newest -> {
                    Pdu pdu = pdu(version, newest);
                    return new Room(
                            row.id(),
                            version,
                            row.number(),
                            whole,
                            ForwardExtremity.of(newest.getLong("seq"), pdu),
                            stateSeq,
                            row.published());
                })
                .orElseThrow();
    }

    private static Pdu pdu(RoomVersion version, ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        return Pdu.stored(version, id, row.getBytes("body"));
    }

    private static RoomEntity event(Connection connection, int shard, EventId id) throws SQLException {
        Optional<byte[]> bytes = EventIds.bytesInAnyFormat(id);
        if (bytes.isEmpty()) {
            return new Absent();
        }
        // A hash in the alphabet of another version names nothing.
        Optional<EventEntity> event = new Sql(connection, EVENT, bytes.get(), shard)
                .first(row -> new EventEntity(
                        EventIds.id(row.getBytes("event_id"), EventTable.format(row.getString("version"))),
                        new RoomId(row.getString("room_id")),
                        new UserId(EventTable.text(row.getBytes("body"), "sender")),
                        EventTable.text(row.getBytes("body"), "type"),
                        row.getString("state_key")))
                .filter(found -> found.id().equals(id));
        return event.isPresent() ? event.get() : new Absent();
    }
}
