package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomHead;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The graph of a room's events: what cites what, and the states between. */
public final class StoredGraph {

    private static final String NEWEST = """
            SELECT seq FROM event
             WHERE shard = ? AND room = ? AND anchor IS NOT NULL ORDER BY anchor DESC, back DESC LIMIT 1""";

    private static final String IDS = "SELECT event_id FROM event WHERE shard = ? AND seq = ANY (?) ORDER BY seq";

    private static final String STATE_BEFORE = """
            SELECT state FROM event WHERE shard = ? AND room = ? AND event_id = ?
               AND (anchor IS NOT NULL OR state IS NOT NULL)""";

    private final Connection connection;
    private final RoomRow room;
    private final RoomVersion version;

    public StoredGraph(Connection connection, RoomRow room) {
        this.connection = connection;
        this.room = room;
        this.version = RoomVersions.find(room.version()).orElseThrow();
    }

    /** The numbers of the forward extremities, and where the room goes on if not from the newest event alone. */
    record Ends(List<Long> extremities, @Nullable RoomHead head) {}

    Ends ends(RoomHeadTable heads) throws SQLException {
        Optional<Long> newest = new Sql(connection, NEWEST, room.shard(), room.number()).first(row -> row.getLong(1));
        if (newest.isEmpty()) {
            return new Ends(List.of(), null);
        }
        return heads.find(connection, room.shard(), room.number(), newest.get())
                .map(head -> new Ends(head.extremities(), head))
                .orElseGet(() -> new Ends(List.of(newest.get()), null));
    }

    public List<EventId> forwardExtremities(RoomTables tables) throws SQLException {
        return ids(ends(tables.heads).extremities());
    }

    /** The state before an event, if it is known. */
    public Optional<StateIds> stateBefore(EventId event) throws SQLException {
        byte @Nullable [] id = EventIds.bytes(event, version.eventFormat());
        if (id == null) {
            return Optional.empty();
        }
        Optional<Long> state =
                new Sql(connection, STATE_BEFORE, room.shard(), room.number(), id).first(row -> row.getLong(1));
        if (state.isEmpty()) {
            return Optional.empty();
        }
        EventNumbers events = new StoredStates(connection, room.shard()).events(state.get());
        List<EventId> ids = ids(events.toList());
        return Optional.of(new StateIds(ids, authChain(ids)));
    }

    /** What these events rest on, them not included. */
    private List<EventId> authChain(Collection<EventId> ids) throws SQLException {
        Set<EventId> chain = new HashSet<>(ids);
        Collection<EventId> open = List.copyOf(chain);
        while (!open.isEmpty()) {
            Set<EventId> next = new HashSet<>();
            for (Pdu event : events(open)) {
                event.authEvents().stream().filter(chain::add).forEach(next::add);
            }
            open = next;
        }
        chain.removeAll(Set.copyOf(ids));
        return List.copyOf(chain);
    }

    private List<Pdu> events(Collection<EventId> ids) throws SQLException {
        byte[][] bytes = ids.stream()
                .map(id -> EventIds.bytes(id, version.eventFormat()))
                .toArray(byte[][]::new);
        return new Sql(
                        connection,
                        "SELECT event_id, body FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)",
                        room.shard(),
                        room.number(),
                        bytes)
                .list(row -> Pdu.stored(version, EventIds.id(row.getBytes(1), version.eventFormat()), row.getBytes(2)));
    }

    private List<EventId> ids(List<Long> numbers) throws SQLException {
        return new Sql(connection, IDS, room.shard(), numbers.toArray(Long[]::new))
                .list(row -> EventIds.id(row.getBytes(1), version.eventFormat()));
    }
}
