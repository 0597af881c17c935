package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.ServerName;
import org.jspecify.annotations.Nullable;

/**
 * The newest purge of a room's history.
 *
 * @param created the room's number
 * @param number the number of the fact that hid the history
 * @param begins the place of the first event that stays
 * @param kept the server whose users' messages are not deleted; null if all are
 * @param step which slice of the hidden events is looked at next
 * @param after the place of the last hidden event that was looked at
 * @param complete whether all of them were
 */
public record HistoryPurge(
        long created,
        long number,
        RoomPlace begins,
        @Nullable ServerName kept,
        int step,
        RoomPlace after,
        boolean complete)
        implements RoomEntity {

    /** A purge that has looked at nothing yet. */
    public static HistoryPurge begun(long created, long number, RoomPlace begins, @Nullable ServerName kept) {
        return new HistoryPurge(created, number, begins, kept, 0, RoomPlace.BEGINNING, false);
    }

    /** The purge after a slice of the hidden events was deleted. */
    public HistoryPurge after(HistorySlice slice) {
        RoomPlace last = slice.last();
        return new HistoryPurge(created, number, begins, kept, step + 1, last == null ? after : last, last == null);
    }
}
