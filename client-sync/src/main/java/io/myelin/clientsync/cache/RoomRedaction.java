package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a redaction does to a cached room: wherever the redacted event stands, what is left of it stands from now on. */
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
        if (stored.event().id().equals(target)) {
            return new TimelineEvent(prune(stored), event.replaced());
        }
        StoredEvent replaced = event.replaced();
        if (replaced != null && replaced.event().id().equals(target)) {
            return new TimelineEvent(withPrevContent(stored, prune(replaced)), prune(replaced));
        }
        return event;
    }

    private StateMap<StoredEvent> prune(StateMap<StoredEvent> state, List<TimelineEvent> window) {
        StateMap<StoredEvent> pruned = state;
        for (TimelineEvent event : window) {
            pruned = refresh(pruned, event.stored());
        }
        StoredEvent older = window.stream().anyMatch(event -> is(event.stored())) ? null : find(state);
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

    private @Nullable StoredEvent find(StateMap<StoredEvent> state) {
        return state.values().filter(this::is).findAny().orElse(null);
    }

    private boolean is(StoredEvent stored) {
        return stored.event().id().equals(target);
    }

    private StoredEvent prune(StoredEvent stored) {
        if (stored.redactedBecause() != null) {
            return stored;
        }
        return new StoredEvent(
                stored.seq(), stored.back(), stored.event().redacted(version), because, stored.prevContent());
    }

    private static StoredEvent withPrevContent(StoredEvent stored, StoredEvent replaced) {
        return new StoredEvent(
                stored.seq(),
                stored.back(),
                stored.event(),
                stored.redactedBecause(),
                PduBytes.content(replaced.event().body()));
    }
}
