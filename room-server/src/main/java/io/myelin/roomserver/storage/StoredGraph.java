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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The graph of a room's events: its extremities, auth chains and the states between events. */
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

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final RoomVersion version;
    private final StoredPdus pdus;
    private final StoredStates states;
    private final StoredAuthChains chains;
    private final AuthChainCache cache;

    public StoredGraph(JdbcClient jdbc, RoomRow room) {
        this(jdbc, room, new AuthChainCache());
    }

    /** @param cache the chains that were asked for before */
    public StoredGraph(JdbcClient jdbc, RoomRow room, AuthChainCache cache) {
        this.cache = cache;
        this.jdbc = jdbc;
        this.room = room;
        this.version = RoomVersions.find(room.version()).orElseThrow();
        this.pdus = new StoredPdus(jdbc, room);
        this.states = new StoredStates(jdbc, room.shard());
        this.chains = new StoredAuthChains(jdbc, room.shard(), room.number(), version);
    }

    /** The rooms that have an event of this ID; several only in versions 1 and 2, where other servers choose IDs. */
    public static List<RoomId> roomsOf(JdbcClient jdbc, EventId event) {
        Optional<byte[]> bytes = EventIds.bytesInAnyFormat(event);
        return bytes.isEmpty()
                ? List.of()
                : jdbc.sql(ROOMS_OF)
                        .param(bytes.get())
                        .query((row, _) -> new RoomId(row.getString(1)))
                        .list();
    }

    /** The numbers of the forward extremities, and where the room goes on if not from the newest event alone. */
    record Ends(List<Long> extremities, @Nullable RoomHead head) {}

    Ends ends(RoomHeadTable heads) {
        record Newest(long number, long anchor) {}
        Optional<Newest> newest = jdbc.sql(NEWEST)
                .params(room.shard(), room.number())
                .query((row, _) -> new Newest(row.getLong("seq"), row.getLong("anchor")))
                .optional();
        if (newest.isEmpty()) {
            return new Ends(List.of(), null);
        }
        return heads.find(jdbc, room.shard(), room.number(), newest.get().anchor())
                .map(head -> new Ends(head.extremities(), head))
                .orElseGet(() -> new Ends(List.of(newest.get().number()), null));
    }

    /** Names the current state; 0 if the room has none. */
    public long currentState(RoomTables tables) {
        Ends ends = ends(tables.heads);
        RoomHead head = ends.head();
        return head != null
                ? head.state()
                : jdbc
                        .sql(STATE_AFTER)
                        .params(room.shard(), ends.extremities().toArray(Long[]::new))
                        .query((row, _) -> row.getLong(1))
                        .list()
                        .stream()
                        .findFirst()
                        .orElse(0L);
    }

    public List<EventId> forwardExtremities(RoomTables tables) {
        return ids(ends(tables.heads).extremities());
    }

    /** The events at which other servers can be asked for more, since events before them have no place here yet. */
    public List<EventId> backwardExtremities(RoomPlace from, int limit) {
        List<EventId> extremities = new ArrayList<>();
        for (StoredPdu pdu : pdus.backwardExtremities(from)) {
            if (extremities.size() < limit && !isKnownBefore(pdu.event().pdu())) {
                extremities.add(pdu.event().id());
            }
        }
        return extremities;
    }

    private boolean isKnownBefore(Pdu event) {
        Map<EventId, StoredPdu> before = pdus.find(event.prevEvents());
        return event.prevEvents().stream()
                        .map(before::get)
                        .allMatch(prev -> prev != null
                                && !prev.event().isOutlier()
                                && !prev.event().isUnplaced())
                && isKnownBehind(before.values());
    }

    /**
     * Events without a place in the room may have come with the state before them, so the events that they come after may be
     * unknown.
     */
    private boolean isKnownBehind(Collection<StoredPdu> prevEvents) {
        List<Long> failed = prevEvents.stream()
                .map(StoredPdu::event)
                .filter(prev -> !prev.isAccepted())
                .map(EventEntity::seq)
                .toList();
        return failed.isEmpty()
                || new StoredEventsBehind(jdbc, room.shard(), room.number())
                        .of(failed)
                        .beforeUnknown()
                        .isEmpty();
    }

    /** The state before an event; empty for an outlier, whose state before is not known. */
    public Optional<StateIds> stateBefore(EventEntity event) {
        if (event.isOutlier()) {
            return Optional.empty();
        }
        EventNumbers state = states.events(event.stateBefore());
        return Optional.of(new StateIds(ids(state), ids(authChain(state, true, event.stateBefore()))));
    }

    /** The auth chain of an event, without the event itself. */
    public List<EventId> authChain(EventEntity event) {
        return ids(authChain(EventNumbers.of(event.seq()), false, event.seq()));
    }

    private EventNumbers authChain(EventNumbers events, boolean isState, long number) {
        AuthChainCache.Key key = new AuthChainCache.Key(room.shard(), room.number(), isState, number);
        Optional<EventNumbers> known = cache.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        EventNumbers chain = chains.with(events).without(events);
        cache.keep(key, chain);
        return chain;
    }

    /**
     * The events that are in the auth chains of some of the states after these events, but not of all. None of these events
     * may be an outlier.
     */
    public List<EventId> authDifference(Collection<EventEntity> events) {
        List<EventNumbers> after = new ArrayList<>();
        for (long state :
                events.stream().map(EventEntity::stateAfter).distinct().toList()) {
            after.add(states.events(state));
        }
        return after.isEmpty() ? List.of() : ids(chains.difference(after));
    }

    private List<EventId> ids(EventNumbers numbers) {
        return ids(numbers.toList());
    }

    private List<EventId> ids(List<Long> numbers) {
        return jdbc.sql(IDS)
                .params(room.shard(), numbers.toArray(Long[]::new))
                .query((row, _) -> EventIds.id(row.getBytes(1), version.eventFormat()))
                .list();
    }
}
