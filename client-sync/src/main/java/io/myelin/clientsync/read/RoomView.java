package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.AskedStates;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * A room's history as one user may read it. What of it is off the line is read before anybody looks at it.
 *
 * @param room as of the last that they may see: now, or when they left
 * @param until the number of that; {@code Long.MAX_VALUE} for now
 * @param past what the viewer asks about events that are off the line
 */
public record RoomView(CachedRoom room, long until, Viewer viewer, AskedStates past) {

    public boolean sees(StoredEvent stored) {
        return stored.seq() <= until && viewer.sees(stored);
    }

    public @Nullable String membershipAt(StoredEvent stored) {
        return viewer.membershipAt(stored);
    }
}
