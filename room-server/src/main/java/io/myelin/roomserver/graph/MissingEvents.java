package io.myelin.roomserver.graph;

import static io.myelin.contracts.room.RoomGraphQueries.MOST_ENDS;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_MISSING;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_WALKED;

import io.myelin.contracts.room.RoomGraphQueries.Gap;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.storage.StoredPdus;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The events in a gap, breadth first from its later end. */
public final class MissingEvents {

    /** A soft-failed event has no place, so it counts as live at its number; events that cite it have greater numbers. */
    private static final Comparator<StoredPdu> OLDEST_FIRST = Comparator.comparing(MissingEvents::place);

    private final StoredPdus pdus;
    private final Gap gap;
    private final int limit;
    private final Set<EventId> reached = new HashSet<>();
    private final List<StoredPdu> found = new ArrayList<>();

    private MissingEvents(StoredPdus pdus, Gap gap) {
        this.pdus = pdus;
        this.gap = gap;
        this.limit = Math.min(gap.limit(), MOST_MISSING);
    }

    /** Oldest first; no event comes before one that it cites. */
    public static List<StoredPdu> of(StoredPdus pdus, Gap gap) {
        return new MissingEvents(pdus, gap).walk();
    }

    private static RoomPlace place(StoredPdu pdu) {
        RoomPlace place = pdu.event().place();
        return place == null ? RoomPlace.live(pdu.event().seq()) : place;
    }

    private List<StoredPdu> walk() {
        gap.earliest().stream().limit(MOST_ENDS).forEach(reached::add);
        Collection<EventId> latest =
                gap.latest().stream().limit(MOST_ENDS).filter(reached::add).toList();
        Collection<EventId> front = before(pdus.find(latest).values());
        while (!front.isEmpty() && found.size() < limit) {
            front = before(take(front));
        }
        found.sort(OLDEST_FIRST);
        return afterWhatTheyCite(found);
    }

    /** Takes the events that other servers may get, and returns all events from which the walk goes on. */
    private List<StoredPdu> take(Collection<EventId> front) {
        Map<EventId, StoredPdu> known = pdus.find(front);
        List<StoredPdu> deepEnough = new ArrayList<>();
        for (EventId id : front) {
            StoredPdu next = known.get(id);
            if (next != null && next.event().pdu().depth() >= gap.minDepth()) {
                deepEnough.add(next);
                if (next.event().isServed() && found.size() < limit) {
                    found.add(next);
                }
            }
        }
        return deepEnough;
    }

    /**
     * Keeps the order, but moves an event after those that it cites. It may stand before them if it had no place for long.
     */
    private static List<StoredPdu> afterWhatTheyCite(List<StoredPdu> events) {
        Map<EventId, StoredPdu> waiting = new LinkedHashMap<>();
        events.forEach(each -> waiting.put(each.event().id(), each));
        List<StoredPdu> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            StoredPdu next = waiting.values().stream()
                    .filter(each -> each.event().pdu().prevEvents().stream().noneMatch(waiting::containsKey))
                    .findFirst()
                    .orElseGet(() -> waiting.values().iterator().next());
            waiting.remove(next.event().id());
            ordered.add(next);
        }
        return ordered;
    }

    private Collection<EventId> before(Collection<StoredPdu> events) {
        Set<EventId> before = new LinkedHashSet<>();
        for (StoredPdu each : events) {
            each.event().pdu().prevEvents().stream()
                    .filter(id -> reached.size() < MOST_WALKED && reached.add(id))
                    .forEach(before::add);
        }
        return before;
    }
}
