package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Step 1, the events that are resolved first: those that may take a user's power away, and their auth events. Room
 * versions, "Power events".
 */
final class PowerEvents {
    private PowerEvents() {}

    /**
     * The power events of the full conflicted set, with those events of that set that are in their auth chains.
     *
     * <p>Auth chains are followed only as long as they stay inside the set, as servers do. In version 12 there are no gaps:
     * an event between two events of the set is on a path between conflicted events, and so belongs to the set.
     */
    static Set<Pdu> select(Collection<Pdu> fullConflictedSet) {
        Map<EventId, Pdu> byId = new HashMap<>();
        Deque<Pdu> open = new ArrayDeque<>();
        for (Pdu event : fullConflictedSet) {
            byId.put(event.eventId(), event);
            if (isPowerEvent(event)) {
                open.add(event);
            }
        }
        Set<Pdu> selected = new LinkedHashSet<>(open);
        while (!open.isEmpty()) {
            for (Pdu cited : citedWithin(byId, open.remove())) {
                if (selected.add(cited)) {
                    open.add(cited);
                }
            }
        }
        return selected;
    }

    static boolean isPowerEvent(Pdu event) {
        return event.is(EventTypes.POWER_LEVELS, "") || event.is(EventTypes.JOIN_RULES, "") || isKickOrBan(event);
    }

    /** The map's values for the event's auth events, each once. */
    static <T> List<T> citedWithin(Map<EventId, T> set, Pdu event) {
        List<T> cited = new ArrayList<>();
        for (EventId id : new LinkedHashSet<>(event.authEvents())) {
            T found = set.get(id);
            if (found != null) {
                cited.add(found);
            }
        }
        return cited;
    }

    private static boolean isKickOrBan(Pdu event) {
        if (!event.type().equals(EventTypes.MEMBER)
                || !event.isState()
                || event.sender().value().equals(event.stateKey())) {
            return false;
        }
        return switch (event.content()
                .string("membership")
                .flatMap(Membership::parse)
                .orElse(Membership.JOIN)) {
            case LEAVE, BAN -> true;
            case INVITE, JOIN, KNOCK -> false;
        };
    }
}
