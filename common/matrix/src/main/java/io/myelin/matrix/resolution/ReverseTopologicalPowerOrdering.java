package io.myelin.matrix.resolution;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Step 1, the order: auth events come before the events that cite them; of the events that may come next, the one whose
 * sender has the most power comes first. Room versions, "Reverse topological power ordering".
 */
final class ReverseTopologicalPowerOrdering {
    private static final Comparator<Vertex> ORDER = Comparator.comparingLong((Vertex vertex) -> vertex.power)
            .reversed()
            .thenComparingLong(vertex -> vertex.originServerTs)
            .thenComparing(vertex -> vertex.event.eventId());

    private final SenderPower senderPower;

    ReverseTopologicalPowerOrdering(LoadedEvents events) {
        this.senderPower = new SenderPower(events);
    }

    /** An event with the values that it is compared by, and its edges in the graph. */
    private static final class Vertex {
        private final Pdu event;
        private final long power;
        private final long originServerTs;
        private final List<Vertex> citedBy = new ArrayList<>();
        private int citesUnsorted;

        private Vertex(Pdu event, long power) {
            this.event = event;
            this.power = power;
            this.originServerTs = event.originServerTs();
        }
    }

    /** Kahn's algorithm. Events that cite each other in a circle, which the IDs of early versions permit, are left out. */
    List<Pdu> sort(Collection<Pdu> events) {
        PriorityQueue<Vertex> free = new PriorityQueue<>(ORDER);
        for (Vertex vertex : graph(events)) {
            if (vertex.citesUnsorted == 0) {
                free.add(vertex);
            }
        }
        List<Pdu> sorted = new ArrayList<>(events.size());
        while (!free.isEmpty()) {
            Vertex smallest = free.remove();
            sorted.add(smallest.event);
            for (Vertex citing : smallest.citedBy) {
                if (--citing.citesUnsorted == 0) {
                    free.add(citing);
                }
            }
        }
        return sorted;
    }

    private Collection<Vertex> graph(Collection<Pdu> events) {
        Map<EventId, Vertex> vertices = new HashMap<>();
        for (Pdu event : events) {
            vertices.put(event.eventId(), new Vertex(event, senderPower.of(event)));
        }
        for (Vertex vertex : vertices.values()) {
            for (Vertex cited : PowerEvents.citedWithin(vertices, vertex.event)) {
                cited.citedBy.add(vertex);
                vertex.citesUnsorted++;
            }
        }
        return vertices.values();
    }
}
