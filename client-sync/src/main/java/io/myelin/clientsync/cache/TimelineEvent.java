package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event in a room's window.
 *
 * @param replaced the state event that stood in its place before; null if there was none, or it is not state
 */
public record TimelineEvent(StoredEvent stored, @Nullable StoredEvent replaced) {

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
