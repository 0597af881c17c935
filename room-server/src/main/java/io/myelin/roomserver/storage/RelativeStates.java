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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Resolves several states into one and compares the result with another state. It runs off the lanes, since it may take
 * long.
 */
final class RelativeStates {

    private static final String VERSION = "SELECT version FROM room WHERE shard = ? AND number = ?";

    private final JdbcClient jdbc;
    private final int shard;
    private final OfState wanted;
    private final RoomVersion version;
    private final StoredStates states;
    private long conflict;

    RelativeStates(JdbcClient jdbc, int shard, OfState wanted) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.wanted = wanted;
        this.states = new StoredStates(jdbc, shard);
        this.version = jdbc.sql(VERSION)
                .params(shard, wanted.room())
                .query((row, _) -> RoomVersions.find(row.getString(1)).orElseThrow())
                .optional()
                .orElseThrow();
    }

    RelativeState load() {
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

    /**
     * Of the events that all states have, only those are read that the conflicted events may affect, since a room is usually
     * large and a conflict small.
     */
    private EventNumbers resolve(List<EventNumbers> sets) {
        EventNumbers agreed = EventNumbers.commonTo(sets);
        StoredResolution events = new StoredResolution(jdbc, shard, wanted.room(), version, agreed);
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
    }

    private static StateMap<EventId> united(StateMap<EventId> agreed, StateMap<EventId> own) {
        return own.stream().reduce(agreed, (state, entry) -> state.with(entry.key(), entry.value()), (one, _) -> one);
    }

    /** How far states differ, as far as it is known without resolving them: see {@link Conflict}. */
    static long conflict(JdbcClient jdbc, int shard, Collection<Long> states) {
        if (states.size() < 2) {
            return 0;
        }
        List<EventNumbers> sets = new ArrayList<>();
        for (long state : states) {
            sets.add(new StoredStates(jdbc, shard).events(state));
        }
        EventNumbers differing = sets.stream()
                .reduce(EventNumbers.NONE, EventNumbers::unitedWith)
                .without(EventNumbers.commonTo(sets));
        long[] sum = {0};
        StoredStateEvents.forEach(jdbc, shard, differing, (_, event) -> sum[0] += Conflict.of(event.size()));
        return sum[0];
    }

    // --- comparing

    private Map<StateKey, Optional<StateEvent>> changes(EventNumbers result, EventNumbers other) {
        EventNumbers difference = result.difference(other);
        Map<StateKey, Optional<StateEvent>> changes = new HashMap<>();
        if (difference.isEmpty()) {
            return changes;
        }
        StoredStateEvents.forEach(jdbc, shard, difference, (place, event) -> {
            if (result.contains(event.seq())) {
                changes.put(place, Optional.of(event));
            } else {
                changes.putIfAbsent(place, Optional.empty());
            }
        });
        return changes;
    }
}
