package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.RoomHead;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The graph of a room's events: what cites what, and the states between. */
public final class StoredGraph {

    private static final String NEWEST = """
            SELECT seq, anchor FROM event
             WHERE shard = ? AND room = ? AND anchor IS NOT NULL ORDER BY anchor DESC, back DESC LIMIT 1""";

    private static final String STATE_AFTER =
            "SELECT CASE WHEN type IS NULL THEN coalesce(state, 0) ELSE seq END FROM event WHERE shard = ? AND seq = ANY (?)";

    private static final String IDS = "SELECT event_id FROM event WHERE shard = ? AND seq = ANY (?) ORDER BY seq";

    private static final String ROOMS_OF = """
            SELECT r.room_id FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.event_id = ?""";

    private final Connection connection;
    private final RoomRow room;
    private final RoomVersion version;
    private final StoredPdus pdus;
    private final StoredStates states;
    private final StoredAuthChains chains;
    private final AuthChainCache cache;

    public StoredGraph(Connection connection, RoomRow room) {
        this(connection, room, new AuthChainCache());
    }

    /** @param cache of chains that somebody has asked for */
    public StoredGraph(Connection connection, RoomRow room, AuthChainCache cache) {
        this.cache = cache;
        this.connection = connection;
        this.room = room;
        this.version = RoomVersions.find(room.version()).orElseThrow();
        this.pdus = new StoredPdus(connection, room);
        this.states = new StoredStates(connection, room.shard());
        this.chains = new StoredAuthChains(connection, room.shard(), room.number(), version);
    }

    /** The rooms that have an event of this ID; several only in versions 1 and 2, where other servers choose IDs. */
    public static List<RoomId> roomsOf(Connection connection, EventId event) throws SQLException {
        Optional<byte[]> bytes = EventIds.bytesInAnyFormat(event);
        return bytes.isEmpty()
                ? List.of()
                : new Sql(connection, ROOMS_OF, bytes.get()).list(row -> new RoomId(row.getString(1)));
    }

    /** The numbers of the forward extremities, and where the room goes on if not from the newest event alone. */
    record Ends(List<Long> extremities, @Nullable RoomHead head) {}

    Ends ends(RoomHeadTable heads) throws SQLException {
        record Newest(long number, long anchor) {}
        Optional<Newest> newest = new Sql(connection, NEWEST, room.shard(), room.number())
                .first(row -> new Newest(row.getLong("seq"), row.getLong("anchor")));
        if (newest.isEmpty()) {
            return new Ends(List.of(), null);
        }
        return heads.find(connection, room.shard(), room.number(), newest.get().anchor())
                .map(head -> new Ends(head.extremities(), head))
                .orElseGet(() -> new Ends(List.of(newest.get().number()), null));
    }

    /** Names the current state; 0 if the room has none. */
    public long currentState(RoomTables tables) throws SQLException {
        Ends ends = ends(tables.heads);
        RoomHead head = ends.head();
        return head != null
                ? head.state()
                : new Sql(
                                connection,
                                STATE_AFTER,
                                room.shard(),
                                ends.extremities().toArray(Long[]::new))
                        .first(row -> row.getLong(1))
                        .orElse(0L);
    }

    public List<EventId> forwardExtremities(RoomTables tables) throws SQLException {
        return ids(ends(tables.heads).extremities());
    }

    /** Where other servers can be asked for more: what comes before these events has no place here yet. */
    public List<EventId> backwardExtremities(RoomPlace from, int limit) throws SQLException {
        List<EventId> extremities = new ArrayList<>();
        for (StoredPdu pdu : pdus.backwardExtremities(from)) {
            if (extremities.size() < limit && !isKnownBefore(pdu.event().pdu())) {
                extremities.add(pdu.event().id());
            }
        }
        return extremities;
    }

    private boolean isKnownBefore(Pdu event) throws SQLException {
        Map<EventId, StoredPdu> before = pdus.find(event.prevEvents());
        return event.prevEvents().stream()
                        .map(before::get)
                        .allMatch(prev -> prev != null
                                && !prev.event().isOutlier()
                                && !prev.event().isUnplaced())
                && isKnownBehind(before.values());
    }

    /** Events that are none of the room came with the state before them: what they come after may not be known. */
    private boolean isKnownBehind(Collection<StoredPdu> prevEvents) throws SQLException {
        List<Long> failed = prevEvents.stream()
                .map(StoredPdu::event)
                .filter(prev -> !prev.isAccepted())
                .map(EventEntity::seq)
                .toList();
        return failed.isEmpty()
                || new StoredEventsBehind(connection, room.shard(), room.number())
                        .of(failed)
                        .beforeUnknown()
                        .isEmpty();
    }

    /** The state before an event; empty for an outlier, of which it is not known. */
    public Optional<StateIds> stateBefore(EventEntity event) throws SQLException {
        if (event.isOutlier()) {
            return Optional.empty();
        }
        EventNumbers state = states.events(event.stateBefore());
        return Optional.of(new StateIds(ids(state), ids(authChain(state, true, event.stateBefore()))));
    }

    /** What an event rests on, itself not included. */
    public List<EventId> authChain(EventEntity event) throws SQLException {
        return ids(authChain(EventNumbers.of(event.seq()), false, event.seq()));
    }

    private EventNumbers authChain(EventNumbers events, boolean isState, long number) throws SQLException {
        AuthChainCache.Key key = new AuthChainCache.Key(room.shard(), room.number(), isState, number);
        Optional<EventNumbers> known = cache.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        EventNumbers chain = chains.with(events).without(events);
        cache.keep(key, chain);
        return chain;
    }

    /** What is in the auth chains of some of the states after these events, which are no outliers, but not of all. */
    public List<EventId> authDifference(Collection<EventEntity> events) throws SQLException {
        List<EventNumbers> after = new ArrayList<>();
        for (long state :
                events.stream().map(EventEntity::stateAfter).distinct().toList()) {
            after.add(states.events(state));
        }
        return after.isEmpty() ? List.of() : ids(chains.difference(after));
    }

    private List<EventId> ids(EventNumbers numbers) throws SQLException {
        return ids(numbers.toList());
    }

    private List<EventId> ids(List<Long> numbers) throws SQLException {
        return new Sql(connection, IDS, room.shard(), numbers.toArray(Long[]::new))
                .list(row -> EventIds.id(row.getBytes(1), version.eventFormat()));
    }
}
