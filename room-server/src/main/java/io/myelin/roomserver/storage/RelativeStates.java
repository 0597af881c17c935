package io.myelin.roomserver.storage;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.StateResolution;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.Conflict;
import io.myelin.roomserver.room.EntityKey.OfState;
import io.myelin.roomserver.room.RelativeState;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import io.myelin.roomserver.state.StateLayers.Difference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one state of several, and tells it from another: off the lanes, since it may take long. */
final class RelativeStates {

    private static final String VERSION = "SELECT version FROM room WHERE shard = ? AND number = ?";

    private final Connection connection;
    private final int shard;
    private final OfState wanted;
    private final RoomVersion version;
    private final StoredStates states;
    private long conflict;

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
        return new RelativeState(base, difference, changes(result, states.events(wanted.other())), conflict);
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

    /** Of what all states have, only what the others may touch is read: a room is large, a conflict is not. */
    private EventNumbers resolve(List<EventNumbers> sets) throws SQLException {
        EventNumbers agreed = EventNumbers.commonTo(sets);
        try {
            StoredResolution events = new StoredResolution(connection, shard, wanted.room(), version, agreed);
            List<StateMap<EventId>> conflicted = new ArrayList<>();
            for (EventNumbers set : sets) {
                conflicted.add(events.places(set.difference(agreed)));
            }
            StateMap<EventId> touched = events.touched();
            List<StateMap<EventId>> states =
                    conflicted.stream().map(own -> united(touched, own)).toList();
            EventNumbers result = agreed.with(events.numbers(StateResolution.resolve(version, states, events)));
            conflict = events.conflict();
            return result;
        } catch (StoredResolution.ReadFailed failed) {
            throw failed.problem;
        }
    }

    private static StateMap<EventId> united(StateMap<EventId> agreed, StateMap<EventId> own) {
        return own.stream().reduce(agreed, (state, entry) -> state.with(entry.key(), entry.value()), (one, _) -> one);
    }

    /** How far states differ, as far as it can be told without resolving them: see {@link Conflict}. */
    static long conflict(Connection connection, int shard, Collection<Long> states) throws SQLException {
        if (states.size() < 2) {
            return 0;
        }
        List<EventNumbers> sets = new ArrayList<>();
        for (long state : states) {
            sets.add(new StoredStates(connection, shard).events(state));
        }
        EventNumbers differing = sets.stream()
                .reduce(EventNumbers.NONE, EventNumbers::unitedWith)
                .without(EventNumbers.commonTo(sets));
        long[] sum = {0};
        StoredStateEvents.forEach(connection, shard, differing, (_, event) -> sum[0] += Conflict.of(event.size()));
        return sum[0];
    }

    // --- telling apart

    private Map<StateKey, Optional<StateEvent>> changes(EventNumbers result, EventNumbers other) throws SQLException {
        EventNumbers difference = result.difference(other);
        Map<StateKey, Optional<StateEvent>> changes = new HashMap<>();
        if (difference.isEmpty()) {
            return changes;
        }
        StoredStateEvents.forEach(connection, shard, difference, (place, event) -> {
            if (result.contains(event.seq())) {
                changes.put(place, Optional.of(event));
            } else {
                changes.putIfAbsent(place, Optional.empty());
            }
        });
        return changes;
    }
}
