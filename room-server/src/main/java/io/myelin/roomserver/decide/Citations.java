package io.myelin.roomserver.decide;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.receive.AuthEventsCheck;
import java.util.ArrayList;
import java.util.List;

/** Whether all is known that an event cites. */
record Citations(CitedEvents cited, HistoryLine history) {

    /**
     * What has to come before the event does.
     *
     * @param needsPlaces whether the state before it follows from what it comes after
     */
    List<EventId> missing(Pdu event, boolean needsPlaces) {
        List<EventId> missing = new ArrayList<>();
        for (EventId id : AuthEventsCheck.restsOn(event)) {
            if (cited.find(id).isEmpty()) {
                missing.add(id);
            }
        }
        if (needsPlaces) {
            missing.addAll(withoutPlace(event.prevEvents()));
        }
        return missing.stream().distinct().toList();
    }

    /** Those that are not known, or of which it is not known yet where they belong. */
    List<EventId> withoutPlace(List<EventId> prevEvents) {
        return prevEvents.stream()
                .filter(id -> cited.find(id)
                        .filter(prev -> !prev.isOutlier() && (!prev.isUnplaced() || history.has(id)))
                        .isEmpty())
                .toList();
    }
}
