package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.Relation;
import org.jspecify.annotations.Nullable;

/**
 * An event in a room's window.
 *
 * @param replaced the state event that stood in its place before; null if there was none, or it is not state
 * @param relation the event's relation to another one; null if it has none
 */
public record TimelineEvent(
        StoredEvent stored,
        @Nullable StoredEvent replaced,
        @Nullable Relation relation) {

    public TimelineEvent(StoredEvent stored, @Nullable StoredEvent replaced) {
        this(stored, replaced, Relation.of(stored.event().body()).orElse(null));
    }

    /** The same event in the form in which a viewer is shown it. */
    public TimelineEvent shownAs(StoredEvent shown) {
        return shown == stored ? this : new TimelineEvent(shown, replaced);
    }

    public long seq() {
        return stored.seq();
    }

    public boolean isState() {
        return stored.event().isState();
    }

    /** Whether the event changed the room's state when it came; later changes come with resolutions. */
    public boolean changesState() {
        return isState() && !stored.event().outsideCurrentState();
    }
}
