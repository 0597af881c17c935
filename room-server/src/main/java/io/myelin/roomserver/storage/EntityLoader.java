package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomHead;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.ForwardExtremity;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import io.myelin.roomserver.state.StateLayers.Difference;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes entities of rows, when a shard first needs them. */
final class EntityLoader {

    private static final Logger LOG = LoggerFactory.getLogger(EntityLoader.class);

    private static final String EXTREMITIES = """
            SELECT seq, event_id, state, type, body FROM event WHERE shard = ? AND seq = ANY (?) ORDER BY anchor""";

    private static final String EVENT = """
            SELECT e.seq, e.anchor, e.back, e.event_id, e.state, e.standing, e.body, r.room_id, r.version
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.event_id = ? AND e.shard = ?""";

    private final RoomTables tables;

    EntityLoader(RoomTables tables) {
        this.tables = tables;
    }

    /** Whatever cannot be read is put aside, so that the other rooms of the shard go on. */
    RoomEntity load(Connection connection, int shard, String key) throws SQLException {
        try {
            return read(connection, shard, key);
        } catch (RuntimeException damage) {
            LOG.error("{} cannot be read and is quarantined: whoever needs it is refused", key, damage);
            return new Damaged();
        }
    }

    private RoomEntity read(Connection connection, int shard, String key) throws SQLException {
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
            case EntityKey.OfHistory(long room, long anchor) ->
                tables.histories.before(connection, shard, room, anchor);
            case EntityKey.OfState state -> new RelativeStates(connection, shard, state).load();
        };
    }

    private Room room(Connection connection, RoomRow row) throws SQLException {
        RoomVersion version = RoomVersions.find(row.version()).orElseThrow();
        StoredGraph.Ends ends = new StoredGraph(connection, row).ends(tables.heads);
        if (ends.extremities().isEmpty()) {
            return Room.unborn(row.id(), version, row.number());
        }
        List<ForwardExtremity> extremities = new Sql(
                        connection, EXTREMITIES, row.shard(), ends.extremities().toArray(Long[]::new))
                .list(event -> {
                    long seq = event.getLong("seq");
                    return ForwardExtremity.of(
                            seq, pdu(version, event), event.getString("type") == null ? event.getLong("state") : seq);
                });
        RoomHead head = ends.head();
        long state = head == null ? extremities.getFirst().stateAfter() : head.state();
        List<Difference> way = new StoredStates(connection, row.shard()).way(state);
        return new Room(
                row.id(),
                version,
                row.number(),
                new RoomState(events(connection, row, version, StoredStates.events(way)), StateLayers.of(state, way)),
                head == null ? Set.of(state) : Set.copyOf(head.resolved()),
                extremities,
                row.published());
    }

    private static StateMap<StateEvent> events(
            Connection connection, RoomRow row, RoomVersion version, EventNumbers numbers) throws SQLException {
        StateMap<StateEvent> state = StateMap.empty();
        for (StateEvent event : StoredStateEvents.read(connection, row.shard(), version, numbers)) {
            state = state.with(event.pdu().key(), event);
        }
        return state;
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
                        new RoomId(row.getString("room_id")),
                        row.getLong("seq"),
                        Standings.find(row.getShort("standing")),
                        row.getLong("state"),
                        StoredPdus.place(row),
                        pdu(RoomVersions.find(row.getString("version")).orElseThrow(), row)))
                .filter(found -> found.id().equals(id));
        return event.isPresent() ? event.get() : new Absent();
    }
}
