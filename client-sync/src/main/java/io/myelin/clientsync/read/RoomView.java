package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;

/**
 * A room's history as one user may read it.
 *
 * @param room as of the last that they may see: now, or when they left
 * @param until the number of that; {@code Long.MAX_VALUE} for now
 * @param past what decides about history that was found later
 */
public record RoomView(CachedRoom room, long until, Viewer viewer, PastStates past) {

    public boolean sees(StoredEvent stored) {
        return stored.seq() <= until
                && (stored.place().isHistory() ? viewer.sees(stored, past.at(stored)) : viewer.sees(stored));
    }

    public String membershipAt(StoredEvent stored) {
        return stored.place().isHistory() ? past.at(stored).membership() : viewer.membershipAt(stored.seq());
    }
}
