package io.myelin.clientsync.event;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.Replacement;
import io.myelin.matrix.id.EventId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest valid edit of each of some events, which {@code unsigned} shows with them. Client-server API, "Event
 * replacements".
 *
 * @param newest by the event that is edited
 */
public record Edits(Map<EventId, StoredEvent> newest) {
    public static final Edits NONE = new Edits(Map.of());

    /**
     * @param originals events that are shown
     * @param candidates events among which their edits are
     */
    public static Edits of(List<StoredEvent> originals, List<StoredEvent> candidates) {
        Map<EventId, StoredEvent> edited = new HashMap<>();
        Map<EventId, StoredEvent> newest = new HashMap<>();
        for (StoredEvent candidate : candidates) {
            EventId target = Replacement.target(candidate.event().body()).orElse(null);
            if (target != null) {
                if (edited.isEmpty()) {
                    originals.forEach(one -> edited.put(one.event().id(), one));
                }
                StoredEvent original = edited.get(target);
                if (original != null && isValid(original, candidate.event())) {
                    newest.merge(target, candidate, Edits::later);
                }
            }
        }
        return newest.isEmpty() ? NONE : new Edits(newest);
    }

    private static boolean isValid(StoredEvent original, RoomEvent edit) {
        RoomEvent event = original.event();
        return original.redactedBecause() == null
                && !event.isState()
                && event.sender().equals(edit.sender())
                && event.type().equals(edit.type())
                && Replacement.target(event.body()).isEmpty();
    }

    private static StoredEvent later(StoredEvent one, StoredEvent other) {
        RoomEvent a = one.event();
        RoomEvent b = other.event();
        int order = Long.compare(a.timestamp(), b.timestamp());
        return (order == 0 ? a.id().compareTo(b.id()) : order) < 0 ? other : one;
    }

    @Nullable
    StoredEvent of(EventId original) {
        return newest.get(original);
    }
}
