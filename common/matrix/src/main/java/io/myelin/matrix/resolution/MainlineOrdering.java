package io.myelin.matrix.resolution;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Step 3, the order of the remaining events: by the first event on the mainline that each reaches. The mainline is the line
 * of power levels events that led to the resolved one. Room versions, "Mainline ordering".
 */
final class MainlineOrdering {
    /** The position of events that reach no event of the mainline; they come before all others. */
    private static final int INFINITE = Integer.MAX_VALUE;

    private static final Comparator<Positioned> ORDER = Comparator.comparingInt(Positioned::position)
            .reversed()
            .thenComparingLong(Positioned::originServerTs)
            .thenComparing(positioned -> positioned.event().eventId());

    private final LoadedEvents events;
    private final ResolutionEvents source;

    MainlineOrdering(LoadedEvents events, ResolutionEvents source) {
        this.events = events;
        this.source = source;
    }

    /** An event with the values that it is compared by; position 0 is the head of the mainline. */
    private record Positioned(Pdu event, int position, long originServerTs) {}

    /** Sorts events by the mainline of this state's power levels. */
    List<Pdu> sort(Collection<Pdu> unsorted, StateMap<EventId> partialState) {
        EventId head = partialState.get(EventTypes.POWER_LEVELS, "");
        Map<Pdu, EventId> cited = new HashMap<>();
        for (Pdu event : unsorted) {
            Pdu powerLevels = events.cited(event, EventTypes.POWER_LEVELS, "");
            if (powerLevels != null) {
                cited.put(event, powerLevels.eventId());
            }
        }
        Map<EventId, EventId> previous = previousPowerLevels(head, cited.values());
        Map<EventId, Integer> positions = mainline(head, previous);
        return unsorted.stream()
                .map(event ->
                        new Positioned(event, position(cited.get(event), previous, positions), event.originServerTs()))
                .sorted(ORDER)
                .map(Positioned::event)
                .toList();
    }

    private Map<EventId, EventId> previousPowerLevels(@Nullable EventId head, Collection<EventId> cited) {
        Set<EventId> powerLevels = new LinkedHashSet<>(cited);
        if (head == null || powerLevels.isEmpty()) {
            return Map.of(); // all positions are infinite
        }
        powerLevels.add(head);
        return source.previousPowerLevels(powerLevels);
    }

    /** The mainline: each of its events with its position. */
    private static Map<EventId, Integer> mainline(@Nullable EventId head, Map<EventId, EventId> previous) {
        Map<EventId, Integer> positions = new HashMap<>();
        EventId next = head;
        while (next != null && positions.putIfAbsent(next, positions.size()) == null) {
            next = previous.get(next);
        }
        return positions;
    }

    /**
     * The position of the first event on the mainline that is reached from these power levels, which is remembered for all
     * events passed on the way.
     */
    private static int position(
            @Nullable EventId cited, Map<EventId, EventId> previous, Map<EventId, Integer> positions) {
        List<EventId> passed = new ArrayList<>();
        EventId next = cited;
        while (next != null && positions.putIfAbsent(next, INFINITE) == null) {
            passed.add(next);
            next = previous.get(next);
        }
        int position = next == null ? INFINITE : positions.getOrDefault(next, INFINITE);
        for (EventId powerLevels : passed) {
            positions.put(powerLevels, position);
        }
        return position;
    }
}
