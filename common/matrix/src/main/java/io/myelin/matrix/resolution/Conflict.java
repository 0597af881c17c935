package io.myelin.matrix.resolution;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys on which several states agree, and those on which they do not. Room versions, "Unconflicted state map and
 * conflicted state set".
 *
 * @param unconflicted the keys that every state has, with the same event
 * @param byKey the other keys, each with all events that a state has for it; a state may have none
 * @param byState of each state, its events under those other keys
 */
record Conflict(StateMap<EventId> unconflicted, Map<StateKey, Set<EventId>> byKey, List<Set<EventId>> byState) {
    static Conflict between(List<StateMap<EventId>> states) {
        StateMap<EventId> first = states.getFirst();
        Set<StateKey> keys = new LinkedHashSet<>();
        for (StateMap<EventId> other : states) {
            first.differences(other, (key, _, _) -> keys.add(key));
        }
        StateMap<EventId> unconflicted = first;
        for (StateKey key : keys) {
            unconflicted = unconflicted.without(key);
        }
        Map<StateKey, Set<EventId>> byKey = new LinkedHashMap<>();
        List<Set<EventId>> byState = new ArrayList<>();
        for (StateMap<EventId> state : states) {
            Set<EventId> ofState = new HashSet<>();
            for (StateKey key : keys) {
                EventId event = state.get(key);
                if (event != null) {
                    byKey.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(event);
                    ofState.add(event);
                }
            }
            byState.add(ofState);
        }
        return new Conflict(unconflicted, byKey, byState);
    }

    boolean isNone() {
        return byKey.isEmpty();
    }

    /** The conflicted state set. */
    Set<EventId> events() {
        Set<EventId> events = new LinkedHashSet<>();
        byState.forEach(events::addAll);
        return events;
    }
}
