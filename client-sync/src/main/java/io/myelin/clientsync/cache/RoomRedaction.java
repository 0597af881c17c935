package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies a redaction to a cached room. Wherever the redacted event stands, its pruned form takes its place, also where
 * it is shown as the redaction of another event.
 */
final class RoomRedaction {
    private final RoomVersion version;
    private final EventId target;
    private final RoomEvent because;

    private RoomRedaction(RoomVersion version, EventId target, RoomEvent because) {
        this.version = version;
        this.target = target;
        this.because = because;
    }

    static CachedRoom apply(CachedRoom room, RoomEvent because) {
        EventId target = because.redacts();
        if (target == null) {
            return room;
        }
        var redaction = new RoomRedaction(room.version(), target, because);
        List<TimelineEvent> window = new ArrayList<>(room.window().size());
        for (TimelineEvent event : room.window()) {
            window.add(redaction.prune(event));
        }
        return room.withEvents(redaction.prune(room.state(), window), List.copyOf(window));
    }

    private TimelineEvent prune(TimelineEvent event) {
        StoredEvent stored = event.stored();
        if (concerns(stored)) {
            return new TimelineEvent(prune(stored), event.replaced());
        }
        StoredEvent replaced = event.replaced();
        if (replaced != null && concerns(replaced)) {
            StoredEvent left = prune(replaced);
            return new TimelineEvent(is(replaced) ? withPrevContent(stored, left) : stored, left);
        }
        return event;
    }

    private StateMap<StoredEvent> prune(StateMap<StoredEvent> state, List<TimelineEvent> window) {
        StateMap<StoredEvent> pruned = state;
        for (TimelineEvent event : window) {
            pruned = refresh(pruned, event.stored());
        }
        // An event that is not a redaction is not the cause of another one's redaction.
        boolean isAllInTheWindow = window.stream()
                .map(TimelineEvent::stored)
                .anyMatch(stored -> is(stored) && !stored.event().type().equals(EventTypes.REDACTION));
        StoredEvent older = isAllInTheWindow
                ? null
                : pruned.values().filter(this::concerns).findAny().orElse(null);
        return older == null ? pruned : put(pruned, prune(older));
    }

    /** Puts an event of the window into the state, if the state has an older form of it. */
    private static StateMap<StoredEvent> refresh(StateMap<StoredEvent> state, StoredEvent stored) {
        String stateKey = stored.event().stateKey();
        if (stateKey == null) {
            return state;
        }
        StoredEvent current = state.get(stored.event().type(), stateKey);
        boolean outdated = current != null && current != stored && current.number() == stored.number();
        return outdated ? put(state, stored) : state;
    }

    private static StateMap<StoredEvent> put(StateMap<StoredEvent> state, StoredEvent stored) {
        String stateKey = stored.event().stateKey();
        return stateKey == null ? state : state.with(stored.event().type(), stateKey, stored);
    }

    private boolean is(StoredEvent stored) {
        return stored.event().id().equals(target);
    }

    /** Whether it is the redacted event, or was itself redacted by that event. */
    private boolean concerns(StoredEvent stored) {
        return is(stored) || tells(stored);
    }

    private boolean tells(StoredEvent stored) {
        RoomEvent earlier = stored.redactedBecause();
        return earlier != null && earlier.id().equals(target);
    }

    private StoredEvent prune(StoredEvent stored) {
        RoomEvent earlier = stored.redactedBecause();
        if (earlier == null) {
            return stored.with(stored.event().redacted(version), because);
        }
        return tells(stored) ? stored.with(stored.event(), earlier.redacted(version)) : stored;
    }

    private static StoredEvent withPrevContent(StoredEvent stored, StoredEvent replaced) {
        return stored.withPrevContent(PduBytes.content(replaced.event().body()));
    }
}
