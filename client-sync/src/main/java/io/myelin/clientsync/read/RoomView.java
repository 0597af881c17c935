package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;

/**
 * A room's history as one user may read it.
 *
 * @param room as of the last that they may see: now, or when they left
 * @param until the number of that; {@code Long.MAX_VALUE} for now
 */
public record RoomView(CachedRoom room, long until, Viewer viewer) {

    public boolean sees(StoredEvent stored) {
        return stored.seq() <= until && viewer.sees(stored);
    }

    public String membershipAt(StoredEvent stored) {
        return viewer.membershipAt(stored.seq());
    }
}
