package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The algorithm of room versions 2 and on: the events on which the states do not agree are replayed, first those that may
 * take power from users, then the others. Room version 2 and room version 12, "State resolution"; MSC1442, MSC4297.
 */
final class ResolutionV2 {
    private final ResolutionAlgorithm algorithm;
    private final ResolutionEvents source;
    private final LoadedEvents events;
    private final IterativeAuthChecks authChecks;

    ResolutionV2(ResolutionAlgorithm algorithm, ResolutionEvents source) {
        this.algorithm = algorithm;
        this.source = source;
        this.events = new LoadedEvents(source);
        this.authChecks = new IterativeAuthChecks(events);
    }

    StateMap<EventId> resolve(Conflict conflict) {
        StateMap<EventId> initial = algorithm.startsFromEmptyState() ? StateMap.empty() : conflict.unconflicted();
        List<Pdu> fullConflictedSet = fullConflictedSet(conflict);
        loadWhatPermits(fullConflictedSet, initial);
        // 1
        List<Pdu> powerEvents = new ReverseTopologicalPowerOrdering(events).sort(PowerEvents.select(fullConflictedSet));
        // 2
        StateMap<EventId> partial = authChecks.apply(powerEvents, initial);
        // 3
        List<Pdu> remaining =
                new MainlineOrdering(events, source).sort(without(powerEvents, fullConflictedSet), partial);
        // 4
        StateMap<EventId> resolved = authChecks.apply(remaining, partial);
        // 5
        return unconflictedWins(conflict.unconflicted(), resolved);
    }

    /** The full conflicted set, without events that are not state events, which a faulty server may have cited. */
    private List<Pdu> fullConflictedSet(Conflict conflict) {
        Set<EventId> conflicted = conflict.events();
        Set<EventId> full = new LinkedHashSet<>(conflicted);
        full.addAll(source.authDifference(conflict.unconflicted(), conflict.byState()));
        if (algorithm.replaysConflictedSubgraph()) {
            full.addAll(source.conflictedSubgraph(conflicted));
        }
        events.load(full);
        return events.all(full).stream().filter(Pdu::isState).toList();
    }

    /**
     * Loads the second and last batch: the events that the replayed events cite, and those of the initial state that may
     * permit them.
     */
    private void loadWhatPermits(List<Pdu> replayed, StateMap<EventId> initial) {
        Set<EventId> needed = new LinkedHashSet<>();
        for (Pdu event : replayed) {
            needed.addAll(LoadedEvents.citations(event));
            for (StateKey key : initial.isEmpty() ? List.<StateKey>of() : AuthEvents.select(event)) {
                EventId current = initial.get(key);
                if (current != null) {
                    needed.add(current);
                }
            }
        }
        events.load(needed);
    }

    private static List<Pdu> without(List<Pdu> picked, List<Pdu> all) {
        Set<Pdu> pickedOnce = new HashSet<>(picked);
        return all.stream().filter(event -> !pickedOnce.contains(event)).toList();
    }

    /** Takes from the replayed state only the keys on which the states do not agree. */
    private static StateMap<EventId> unconflictedWins(StateMap<EventId> unconflicted, StateMap<EventId> resolved) {
        Map<StateKey, EventId> added = new HashMap<>();
        unconflicted.differences(resolved, (key, agreed, replayed) -> {
            if (agreed == null && replayed != null) {
                added.put(key, replayed);
            }
        });
        StateMap<EventId> result = unconflicted;
        for (Map.Entry<StateKey, EventId> entry : added.entrySet()) {
            result = result.with(entry.getKey(), entry.getValue());
        }
        return result;
    }
}
