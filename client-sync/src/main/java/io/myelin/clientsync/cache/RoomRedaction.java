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
 * What a redaction does to a cached room: wherever the redacted event stands, what is left of it stands from now on, also
 * where it is told as the redaction of another.
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
        // Of what is no redaction itself nothing else tells.
        boolean isAllInTheWindow = window.stream()
                .map(TimelineEvent::stored)
                .anyMatch(stored -> is(stored) && !stored.event().type().equals(EventTypes.REDACTION));
        StoredEvent older = isAllInTheWindow
                ? null
                : pruned.values().filter(this::concerns).findAny().orElse(null);
        return older == null ? pruned : put(pruned, prune(older));
    }

    /** The state holds the same values as the window. */
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

    /** Whether it is the redacted event, or was redacted by that. */
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
