package io.myelin.matrix.resolution;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers from a map of events in memory. Walks the graph of auth events anew for every question; an auth event that is not
 * in the map ends its path.
 */
public final class EventsInMemory implements ResolutionEvents {
    private final Map<EventId, Pdu> events;
    private final Set<EventId> rejected;

    /** Answers from these events, of which some were rejected; neither collection is copied. */
    public EventsInMemory(Map<EventId, Pdu> events, Set<EventId> rejected) {
        this.events = events;
        this.rejected = rejected;
    }

    @Override
    public Map<EventId, ReceivedEvent> load(Collection<EventId> ids) {
        Map<EventId, ReceivedEvent> known = new HashMap<>();
        for (EventId id : ids) {
            Pdu event = events.get(id);
            if (event != null) {
                known.put(id, new ReceivedEvent(event, rejected.contains(id)));
            }
        }
        return known;
    }

    @Override
    public Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted) {
        Set<EventId> inAll = chain(unconflicted.values().toList(), Set.of());
        Map<EventId, Integer> chains = new HashMap<>();
        for (Set<EventId> ofState : conflicted) {
            chain(ofState, inAll).forEach(id -> chains.merge(id, 1, Integer::sum));
        }
        Set<EventId> difference = new HashSet<>();
        chains.forEach((id, count) -> {
            if (count < conflicted.size()) {
                difference.add(id);
            }
        });
        return difference;
    }

    /** The auth chain of these events, including the events themselves. */
    public Set<EventId> authChain(Collection<EventId> ids) {
        return chain(ids, Set.of());
    }

    /** Walks down from all of the events, and then back up from all of them within the events found. */
    @Override
    public Set<EventId> conflictedSubgraph(Set<EventId> conflicted) {
        Map<EventId, List<EventId>> citedBy = new HashMap<>();
        for (EventId id : chain(conflicted, Set.of())) {
            for (EventId cited : cited(id)) {
                citedBy.computeIfAbsent(cited, _ -> new ArrayList<>()).add(id);
            }
        }
        Set<EventId> between = new HashSet<>(conflicted);
        Deque<EventId> open = new ArrayDeque<>(conflicted);
        while (!open.isEmpty()) {
            for (EventId citing : citedBy.getOrDefault(open.remove(), List.of())) {
                if (between.add(citing)) {
                    open.add(citing);
                }
            }
        }
        return between;
    }

    @Override
    public Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels) {
        Map<EventId, EventId> previous = new HashMap<>();
        Deque<EventId> open = new ArrayDeque<>(powerLevels);
        while (!open.isEmpty()) {
            EventId id = open.remove();
            for (EventId cited : cited(id)) {
                Pdu event = events.get(cited);
                if (event != null && event.is(EventTypes.POWER_LEVELS, "") && previous.putIfAbsent(id, cited) == null) {
                    open.add(cited);
                }
            }
        }
        return previous;
    }

    /** The auth chain of these events, including themselves, without the part in {@code known}, which is a chain itself. */
    private Set<EventId> chain(Collection<EventId> ids, Set<EventId> known) {
        Set<EventId> chain = new HashSet<>();
        Deque<EventId> open = new ArrayDeque<>(ids);
        while (!open.isEmpty()) {
            EventId id = open.remove();
            if (!known.contains(id) && chain.add(id)) {
                open.addAll(cited(id));
            }
        }
        return chain;
    }

    private List<EventId> cited(EventId id) {
        Pdu event = events.get(id);
        return event == null ? List.of() : event.authEvents();
    }
}
