package io.myelin.roomserver.storage;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.EventsInMemory;
import io.myelin.matrix.resolution.ReceivedEvent;
import io.myelin.matrix.resolution.ResolutionEvents;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.postgres.SqlFunction;
import io.myelin.roomserver.state.EventNumbers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The events of one room for one state resolution. Those at which auth chains end are kept once they were read.
 *
 * <p>An event is taken after all that it cites as what permits it, and so has a greater number than its whole auth chain.
 */
final class StoredResolution implements ResolutionEvents {

    private static final String BY_ID = """
            SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)""";

    private static final String BY_NUMBER = """
            SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND seq = ANY (?)""";

    /** All events that ever were made for a place. Each half has its index. */
    private static final String OF_PLACES = """
            SELECT e.seq, e.event_id, e.type, e.state_key FROM unnest(?, ?) AS p (type, state_key), event e
             WHERE e.shard = ? AND e.room = ? AND e.type = p.type AND e.state_key = p.state_key
               AND e.type IS NOT NULL AND e.standing IS NULL
            UNION ALL
            SELECT e.seq, e.event_id, e.type, e.state_key FROM unnest(?, ?) AS p (type, state_key), event e
             WHERE e.shard = ? AND e.room = ? AND e.type = p.type AND e.state_key = p.state_key
               AND e.type IS NOT NULL AND e.standing IS NOT NULL""";

    /** The database does not answer while a state is resolved. */
    static final class ReadFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient SQLException problem;

        ReadFailed(SQLException problem) {
            super(problem);
            this.problem = problem;
        }
    }

    private final Connection connection;
    private final int shard;
    private final long room;
    private final RoomVersion version;
    private final EventNumbers agreed;
    private final Map<EventId, Pdu> events = new HashMap<>();
    private final Map<EventId, Long> numbers = new HashMap<>();
    private final Set<EventId> rejected = new HashSet<>();
    private final EventsInMemory read = new EventsInMemory(events, rejected);

    /** @param agreed what all of the states have */
    StoredResolution(Connection connection, int shard, long room, RoomVersion version, EventNumbers agreed) {
        this.connection = connection;
        this.shard = shard;
        this.room = room;
        this.version = version;
        this.agreed = agreed;
    }

    // --- what is resolved

    /** These events by their places. */
    StateMap<EventId> places(EventNumbers some) {
        StateMap<EventId> places = StateMap.empty();
        for (Pdu event : read(some)) {
            places = places.with(event.key(), event.eventId());
        }
        return places;
    }

    /** What the states agree on, as far as what has been read, and what that rests on, has to do with it. */
    StateMap<EventId> touched() {
        readChains(Set.copyOf(events.keySet()));
        Set<StateKey> places = new HashSet<>();
        for (Pdu event : events.values()) {
            if (event.isState()) {
                places.add(event.key());
            }
            places.addAll(AuthEvents.select(event));
        }
        String[] types = places.stream().map(StateKey::type).toArray(String[]::new);
        String[] stateKeys = places.stream().map(StateKey::stateKey).toArray(String[]::new);
        Map<StateKey, EventId> touched = new HashMap<>();
        list(
                new Sql(connection, OF_PLACES, types, stateKeys, shard, room, types, stateKeys, shard, room),
                row -> agreed.contains(row.getLong("seq"))
                        && touched.put(new StateKey(row.getString("type"), row.getString("state_key")), named(row))
                                == null);
        return StateMap.of(touched);
    }

    /** The numbers of events that have been read. */
    List<Long> numbers(StateMap<EventId> state) {
        return state.values().map(numbers::get).map(Objects::requireNonNull).toList();
    }

    // --- what resolution asks for

    @Override
    public Map<EventId, ReceivedEvent> load(Collection<EventId> ids) {
        read(ids);
        return read.load(ids);
    }

    @Override
    public Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted) {
        Set<EventId> all = new HashSet<>();
        conflicted.forEach(all::addAll);
        readChains(all);
        Set<EventId> difference = new HashSet<>(read.authDifference(StateMap.empty(), conflicted));
        difference.removeIf(id -> agreed.contains(number(id)));
        // Only what is neither agreed on nor conflicted makes a difference here, and there is hardly ever any.
        long oldest = difference.stream()
                .filter(id -> !all.contains(id))
                .mapToLong(this::number)
                .min()
                .orElse(Long.MAX_VALUE);
        if (oldest < Long.MAX_VALUE) {
            EventNumbers restedOn = chains(oldest, agreed.after(oldest));
            difference.removeIf(id -> restedOn.contains(number(id)));
        }
        return difference;
    }

    @Override
    public Set<EventId> conflictedSubgraph(Set<EventId> conflicted) {
        readChains(conflicted);
        return read.conflictedSubgraph(conflicted);
    }

    @Override
    public Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels) {
        readChains(powerLevels);
        return read.previousPowerLevels(powerLevels);
    }

    /** Greater than all others, if there is no such event in the room. */
    private long number(EventId id) {
        return numbers.getOrDefault(id, Long.MAX_VALUE);
    }

    // --- reading

    /** Reads these events and all that they rest on. */
    private void readChains(Collection<EventId> ids) {
        Set<EventId> asked = new HashSet<>(ids);
        Collection<EventId> open = List.copyOf(asked);
        while (!open.isEmpty()) {
            read(open);
            Set<EventId> next = new HashSet<>();
            for (EventId id : open) {
                Pdu event = events.get(id);
                if (event != null) {
                    event.authEvents().stream().filter(asked::add).forEach(next::add);
                }
            }
            open = next;
        }
    }

    private void read(Collection<EventId> ids) {
        List<byte[]> unread = new ArrayList<>();
        for (EventId id : ids) {
            if (!events.containsKey(id)) {
                unread.add(EventIds.bytes(id, version.eventFormat()));
            }
        }
        unread.removeIf(Objects::isNull);
        if (!unread.isEmpty()) {
            list(new Sql(connection, BY_ID, shard, room, unread.toArray(byte[][]::new)), this::event);
        }
    }

    private List<Pdu> read(EventNumbers some) {
        return some.isEmpty()
                ? List.of()
                : list(new Sql(connection, BY_NUMBER, shard, some.toList().toArray(Long[]::new)), this::event);
    }

    private Pdu event(ResultSet row) throws SQLException {
        EventId id = named(row);
        if (Standings.wasRejected(row.getShort("standing"))) {
            rejected.add(id);
        }
        Pdu event = Pdu.stored(version, id, row.getBytes("body"));
        events.put(id, event);
        return event;
    }

    private EventId named(ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        numbers.put(id, row.getLong("seq"));
        return id;
    }

    private EventNumbers chains(long least, EventNumbers events) {
        try {
            return new StoredAuthChains(connection, shard, room, version).since(least, events);
        } catch (SQLException problem) {
            throw new ReadFailed(problem);
        }
    }

    private static <T> List<T> list(Sql sql, SqlFunction<ResultSet, T> mapper) {
        try {
            return sql.list(mapper);
        } catch (SQLException problem) {
            throw new ReadFailed(problem);
        }
    }
}
