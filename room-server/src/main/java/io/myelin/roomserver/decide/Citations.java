package io.myelin.roomserver.decide;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.receive.AuthEventsCheck;
import java.util.ArrayList;
import java.util.List;

/** Finds out which cited events are missing. */
record Citations(CitedEvents cited, HistoryLine history) {

    /**
     * The events that have to arrive before the event can be taken.
     *
     * @param needsPlaces whether the state before the event is that after its prev_events
     */
    List<EventId> missing(Pdu event, boolean needsPlaces) {
        List<EventId> missing = new ArrayList<>();
        for (EventId id : AuthEventsCheck.authEvents(event)) {
            if (cited.find(id).isEmpty()) {
                missing.add(id);
            }
        }
        if (needsPlaces) {
            missing.addAll(withoutPlace(event.prevEvents()));
        }
        return missing.stream().distinct().toList();
    }

    /** The events that are not known, or have no place in the room yet. */
    List<EventId> withoutPlace(List<EventId> prevEvents) {
        return prevEvents.stream()
                .filter(id -> cited.find(id)
                        .filter(prev -> !prev.isOutlier() && (!prev.isUnplaced() || history.has(id)))
                        .isEmpty())
                .toList();
    }
}
