package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** An order in which every event comes after those it cites. */
final class TopologicalOrder {
    private final Map<EventId, Pdu> unsorted = new LinkedHashMap<>();
    private final Set<Pdu> sorted = new LinkedHashSet<>();

    private TopologicalOrder(Collection<Pdu> events) {
        events.forEach(event -> unsorted.put(event.eventId(), event));
    }

    /**
     * These events, each once.
     *
     * @throws IllegalArgumentException if they cite an event that is not among them
     */
    static List<Pdu> of(Collection<Pdu> events) {
        var order = new TopologicalOrder(events);
        order.unsorted.keySet().forEach(order::append);
        return new ArrayList<>(order.sorted);
    }

    /** The previous events and the auth events. */
    static Stream<EventId> cited(Pdu event) {
        return Stream.concat(event.prevEvents().stream(), event.authEvents().stream());
    }

    private void append(EventId id) {
        Pdu event = unsorted.get(id);
        if (event == null) {
            throw new IllegalArgumentException("Event " + id + " is cited, and is not among the events.");
        }
        if (!sorted.contains(event)) {
            cited(event).forEach(this::append);
            sorted.add(event);
        }
    }
}
