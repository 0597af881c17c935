package io.myelin.roomserver.storage;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.EventsInMemory;
import io.myelin.matrix.resolution.ReceivedEvent;
import io.myelin.matrix.resolution.ResolutionEvents;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.Conflict;
import io.myelin.roomserver.state.EventNumbers;
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
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The events of one room for one state resolution. Auth chains are walked by numbers. Only events that are replayed, or that
 * permit these, are read themselves.
 *
 * <p>An event is taken after its auth events, and so has a greater number than its whole auth chain.
 */
final class StoredResolution implements ResolutionEvents {

    private static final String BY_ID = """
            SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)""";

    private static final String BY_NUMBER = """
            SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND seq = ANY (?)""";

    /** The newest events before a number that were ever sent for a place. Each half has its own index. */
    private static final String OF_PLACES = """
            SELECT e.seq, e.event_id, p.type, p.state_key
              FROM unnest(?, ?, ?) AS p (type, state_key, below) CROSS JOIN LATERAL (
                   SELECT seq, event_id FROM (
                       (SELECT seq, event_id FROM event
                         WHERE shard = ? AND room = ? AND type = p.type AND state_key = p.state_key AND seq < p.below
                           AND type IS NOT NULL AND standing IS NULL ORDER BY seq DESC LIMIT ?)
                       UNION ALL
                       (SELECT seq, event_id FROM event
                         WHERE shard = ? AND room = ? AND type = p.type AND state_key = p.state_key AND seq < p.below
                           AND type IS NOT NULL AND standing IS NOT NULL ORDER BY seq DESC LIMIT ?)) AS either
                    ORDER BY seq DESC LIMIT ?) AS e""";

    private static final String POWER_LEVELS = """
            SELECT seq, event_id FROM event
             WHERE shard = ? AND room = ? AND type = 'm.room.power_levels' AND state_key = ''
               AND type IS NOT NULL AND standing IS NULL
            UNION ALL
            SELECT seq, event_id FROM event
             WHERE shard = ? AND room = ? AND type = 'm.room.power_levels' AND state_key = ''
               AND type IS NOT NULL AND standing IS NOT NULL""";

    /** How many events of a place are looked at first. Each further round looks at {@link #MORE} times as many. */
    private static final int NEWEST = 4;

    private static final int MORE = 8;
    private static final int MOST_AT_ONCE = 10_000;

    /** How many whole events the driver holds at once, of up to 64 KB each. */
    private static final int READ_AT_ONCE = 128;

    /** The states differ by more than can be read. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuch() {
            super("The states differ by more than " + Conflict.MOST_RESOLVED + " bytes of events");
        }
    }

    private final JdbcClient jdbc;
    private final int shard;
    private final long room;
    private final RoomVersion version;
    private final EventNumbers agreed;
    private final StoredAuthChains chains;
    private final List<EventNumbers> conflicted = new ArrayList<>();
    private final Map<EventId, Pdu> events = new HashMap<>();
    private final Map<EventId, Long> numbers = new HashMap<>();
    private final Set<EventId> rejected = new HashSet<>();
    private long conflict;
    private final EventsInMemory read = new EventsInMemory(events, rejected);

    /** @param agreed the events that all of the states have */
    StoredResolution(JdbcClient jdbc, int shard, long room, RoomVersion version, EventNumbers agreed) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.room = room;
        this.version = version;
        this.agreed = agreed;
        this.chains = new StoredAuthChains(jdbc, shard, room, version);
    }

    // --- what is resolved

    /** Reads the events that a state has besides the agreed ones, by place. */
    StateMap<EventId> places(EventNumbers own) {
        conflicted.add(own);
        StateMap<EventId> places = StateMap.empty();
        for (Pdu event : read(own)) {
            places = places.with(event.key(), event.eventId());
        }
        return places;
    }

    /**
     * The part of the agreed state that the conflict may touch: the places of the events that are replayed, and of the
     * events that permit these.
     */
    StateMap<EventId> touched() {
        Set<StateKey> conflictedPlaces = new HashSet<>();
        events.values().forEach(event -> conflictedPlaces.add(event.key()));
        read(replayed());
        Set<StateKey> places = new HashSet<>();
        places.add(new StateKey(EventTypes.CREATE, ""));
        places.add(new StateKey(EventTypes.POWER_LEVELS, ""));
        for (Pdu event : events.values()) {
            if (event.isState()) {
                places.add(event.key());
            }
            places.addAll(AuthEvents.select(event));
        }
        places.removeAll(conflictedPlaces);
        return agreedAt(places);
    }

    /** The events that are replayed besides the conflicted ones; none in room version 1. */
    private EventNumbers replayed() {
        return switch (version.resolutionAlgorithm()) {
            case V1 -> EventNumbers.NONE;
            case V2 -> difference(conflicted);
            case V2_1 -> difference(conflicted).unitedWith(between(united(conflicted)));
        };
    }

    private StateMap<EventId> agreedAt(Set<StateKey> places) {
        Map<StateKey, EventId> found = new HashMap<>();
        Map<StateKey, Long> below = new HashMap<>();
        places.forEach(place -> below.put(place, Long.MAX_VALUE));
        for (int limit = NEWEST; !below.isEmpty(); limit = Math.min(MOST_AT_ONCE, limit * MORE)) {
            Map<StateKey, Integer> seen = new HashMap<>();
            for (Sent sent : newest(below, limit)) {
                seen.merge(sent.place(), 1, Integer::sum);
                below.computeIfPresent(sent.place(), (_, lowest) -> Math.min(lowest, sent.number()));
                if (agreed.contains(sent.number())) {
                    found.put(sent.place(), sent.event());
                }
            }
            int all = limit;
            below.keySet().removeIf(place -> found.containsKey(place) || seen.getOrDefault(place, 0) < all);
        }
        return StateMap.of(found);
    }

    private record Sent(StateKey place, long number, EventId event) {}

    private List<Sent> newest(Map<StateKey, Long> below, int limit) {
        List<StateKey> places = List.copyOf(below.keySet());
        String[] types = places.stream().map(StateKey::type).toArray(String[]::new);
        String[] stateKeys = places.stream().map(StateKey::stateKey).toArray(String[]::new);
        Long[] numbersBelow = places.stream().map(below::get).toArray(Long[]::new);
        return jdbc.sql(OF_PLACES)
                .params(types, stateKeys, numbersBelow, shard, room, limit, shard, room, limit, limit)
                .query((row, _) -> new Sent(
                        new StateKey(row.getString("type"), row.getString("state_key")),
                        row.getLong("seq"),
                        named(row)))
                .list();
    }

    /** The cost of the events that were read because the states differ, see {@link Conflict}. */
    long conflict() {
        return conflict;
    }

    /** The numbers of the events of a state, which must have been read. */
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
    public Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> ofStates) {
        return ids(difference(ofStates.stream().map(this::numbers).toList()));
    }

    @Override
    public Set<EventId> conflictedSubgraph(Set<EventId> ids) {
        return ids(between(numbers(ids)));
    }

    @Override
    public Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels) {
        Map<Long, EventId> inRoom = new HashMap<>();
        jdbc.sql(POWER_LEVELS).params(shard, room, shard, room).query(row -> {
            inRoom.put(row.getLong("seq"), named(row));
        });
        Map<EventId, EventId> previous = new HashMap<>();
        chains.previous(inRoom.keySet())
                .forEach((number, before) -> previous.put(
                        Objects.requireNonNull(inRoom.get(number)), Objects.requireNonNull(inRoom.get(before))));
        return previous;
    }

    // --- numbers

    private EventNumbers numbers(Set<EventId> ids) {
        return EventNumbers.of(
                ids.stream().map(numbers::get).filter(Objects::nonNull).toList());
    }

    private Set<EventId> ids(EventNumbers some) {
        return read(some).stream().map(Pdu::eventId).collect(Collectors.toSet());
    }

    private static EventNumbers united(List<EventNumbers> sets) {
        return sets.stream().reduce(EventNumbers.NONE, EventNumbers::unitedWith);
    }

    /** The auth difference. It may contain conflicted events, which are replayed anyway. */
    private EventNumbers difference(List<EventNumbers> own) {
        EventNumbers difference = chains.apart(own).without(agreed);
        // Only events that are neither agreed on nor conflicted have to be looked for in the chains of agreed events.
        EventNumbers besides = difference.without(united(own));
        return besides.isEmpty()
                ? difference
                : difference.without(chains.since(besides.first(), agreed.after(besides.first())));
    }

    private EventNumbers between(EventNumbers some) {
        return chains.between(some);
    }

    // --- reading

    private void read(Collection<EventId> ids) {
        List<byte[]> unread = new ArrayList<>();
        for (EventId id : ids) {
            if (!events.containsKey(id)) {
                unread.add(EventIds.bytes(id, version.eventFormat()));
            }
        }
        unread.removeIf(Objects::isNull);
        for (int from = 0; from < unread.size(); from += READ_AT_ONCE) {
            List<byte[]> some = unread.subList(from, Math.min(unread.size(), from + READ_AT_ONCE));
            jdbc.sql(BY_ID).params(shard, room, some.toArray(byte[][]::new)).query(row -> {
                event(row);
            });
        }
    }

    private List<Pdu> read(EventNumbers some) {
        List<Long> all = some.toList();
        List<Pdu> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += READ_AT_ONCE) {
            List<Long> next = all.subList(from, Math.min(all.size(), from + READ_AT_ONCE));
            found.addAll(jdbc.sql(BY_NUMBER)
                    .params(shard, next.toArray(Long[]::new))
                    .query((row, _) -> event(row))
                    .list());
        }
        return found;
    }

    private Pdu event(ResultSet row) throws SQLException {
        EventId id = named(row);
        if (Standings.wasRejected(row.getShort("standing"))) {
            rejected.add(id);
        }
        Pdu known = events.get(id);
        if (known != null) {
            return known;
        }
        Pdu event = Pdu.stored(version, id, row.getBytes("body"));
        events.put(id, event);
        conflict += Conflict.of(event.bytes().length);
        if (conflict > Conflict.MOST_RESOLVED) {
            throw new TooMuch();
        }
        return event;
    }

    private EventId named(ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        numbers.put(id, row.getLong("seq"));
        return id;
    }
}
