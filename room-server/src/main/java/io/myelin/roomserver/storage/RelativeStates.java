package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.StateResolution;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.EntityKey.OfState;
import io.myelin.roomserver.room.RelativeState;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import io.myelin.roomserver.state.StateLayers.Difference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one state of several, and tells it from another: off the lanes, since it may take long. */
final class RelativeStates {

    private static final String VERSION = "SELECT version FROM room WHERE shard = ? AND number = ?";

    private static final String PLACES = """
            SELECT seq, event_id, type, state_key FROM event WHERE shard = ? AND seq = ANY (?)""";

    private static final String EVENTS = """
            SELECT e.seq, e.event_id, e.body,
                   EXISTS (SELECT FROM event x WHERE x.shard = e.shard AND x.redacts = e.event_id) AS is_redacted
              FROM event e WHERE e.shard = ? AND e.seq = ANY (?)""";

    private final Connection connection;
    private final int shard;
    private final OfState wanted;
    private final RoomVersion version;
    private final StoredStates states;

    RelativeStates(Connection connection, int shard, OfState wanted) throws SQLException {
        this.connection = connection;
        this.shard = shard;
        this.wanted = wanted;
        this.states = new StoredStates(connection, shard);
        this.version = new Sql(connection, VERSION, shard, wanted.room())
                .first(row -> RoomVersions.find(row.getString(1)).orElseThrow())
                .orElseThrow();
    }

    RelativeState load() throws SQLException {
        List<List<Difference>> ways = new ArrayList<>();
        List<EventNumbers> sets = new ArrayList<>();
        for (long state : wanted.states()) {
            List<Difference> way = states.way(state);
            ways.add(way);
            sets.add(StoredStates.events(way));
        }
        EventNumbers result = sets.size() == 1 ? sets.getFirst() : resolve(sets);
        int nearest = nearest(result, sets);
        EventNumbers difference = result.difference(sets.get(nearest));
        StateLayers base = StateLayers.of(wanted.states().get(nearest), ways.get(nearest));
        return new RelativeState(base, difference, changes(result, states.events(wanted.other())));
    }

    private static int nearest(EventNumbers result, List<EventNumbers> sets) {
        int nearest = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < sets.size(); i++) {
            long differing = result.difference(sets.get(i)).size();
            if (differing < least) {
                least = differing;
                nearest = i;
            }
        }
        return nearest;
    }

    // --- resolving

    private EventNumbers resolve(List<EventNumbers> sets) throws SQLException {
        Map<EventId, Long> numbers = new HashMap<>();
        StateMap<EventId> first = stateOf(sets.getFirst(), numbers);
        List<StateMap<EventId>> maps = new ArrayList<>();
        maps.add(first);
        for (EventNumbers other : sets.subList(1, sets.size())) {
            maps.add(changed(first, sets.getFirst(), other, numbers));
        }
        StateMap<EventId> resolved;
        try {
            resolved = StateResolution.resolve(
                    version, maps, new StoredResolution(connection, shard, wanted.room(), version));
        } catch (StoredResolution.ReadFailed failed) {
            throw failed.problem;
        }
        List<Long> result = new ArrayList<>(resolved.size());
        List<EventId> unnumbered = new ArrayList<>();
        resolved.forEach((key, id) -> {
            Long number = numbers.get(id);
            if (number == null) {
                unnumbered.add(id);
            } else {
                result.add(number);
            }
        });
        result.addAll(numbersOf(unnumbered));
        return EventNumbers.of(result);
    }

    private StateMap<EventId> stateOf(EventNumbers set, Map<EventId, Long> numbers) throws SQLException {
        Map<StateKey, EventId> places = new HashMap<>();
        places(set, numbers, places);
        return StateMap.of(places);
    }

    /** Another state, which has most with the first in common. */
    private StateMap<EventId> changed(
            StateMap<EventId> first, EventNumbers firstSet, EventNumbers other, Map<EventId, Long> numbers)
            throws SQLException {
        Map<StateKey, EventId> differing = new HashMap<>();
        EventNumbers difference = other.difference(firstSet);
        List<Long> added = difference.toList().stream().filter(other::contains).toList();
        List<Long> gone =
                difference.toList().stream().filter(firstSet::contains).toList();
        StateMap<EventId> changed = first;
        places(EventNumbers.of(gone), numbers, differing);
        for (StateKey key : differing.keySet()) {
            changed = changed.without(key);
        }
        differing.clear();
        places(EventNumbers.of(added), numbers, differing);
        for (Map.Entry<StateKey, EventId> entry : differing.entrySet()) {
            changed = changed.with(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private void places(EventNumbers set, Map<EventId, Long> numbers, Map<StateKey, EventId> places)
            throws SQLException {
        new Sql(connection, PLACES, shard, set.toList().toArray(Long[]::new)).list(row -> {
            EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
            numbers.put(id, row.getLong("seq"));
            return places.put(new StateKey(row.getString("type"), row.getString("state_key")), id);
        });
    }

    /** Of events that no state had before they were resolved: such as were cited only. */
    private List<Long> numbersOf(List<EventId> ids) throws SQLException {
        byte[][] bytes = ids.stream()
                .map(id -> EventIds.bytes(id, version.eventFormat()))
                .toArray(byte[][]::new);
        return ids.isEmpty()
                ? List.of()
                : new Sql(connection, "SELECT seq FROM event WHERE shard = ? AND event_id = ANY (?)", shard, bytes)
                        .list(row -> row.getLong(1));
    }

    // --- telling apart

    private Map<StateKey, Optional<StateEvent>> changes(EventNumbers result, EventNumbers other) throws SQLException {
        EventNumbers difference = result.difference(other);
        Map<StateKey, Optional<StateEvent>> changes = new HashMap<>();
        if (difference.isEmpty()) {
            return changes;
        }
        List<StateEvent> events = new Sql(
                        connection, EVENTS, shard, difference.toList().toArray(Long[]::new))
                .list(row -> {
                    EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
                    Pdu event = Pdu.stored(version, id, row.getBytes("body"));
                    return new StateEvent(row.getLong("seq"), row.getBoolean("is_redacted") ? event.redacted() : event);
                });
        for (StateEvent event : events) {
            if (result.contains(event.seq())) {
                changes.put(event.pdu().key(), Optional.of(event));
            } else {
                changes.putIfAbsent(event.pdu().key(), Optional.empty());
            }
        }
        return changes;
    }
}
