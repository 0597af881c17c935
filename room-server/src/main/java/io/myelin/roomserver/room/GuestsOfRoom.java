package io.myelin.roomserver.room;

import io.myelin.matrix.id.UserId;
import java.util.List;

/**
 * A slice of the guests who are in a room, in order of their IDs.
 *
 * @param isAll whether there are no more
 */
public record GuestsOfRoom(List<UserId> guests, boolean isAll) implements RoomEntity {

    public static final GuestsOfRoom NOBODY = new GuestsOfRoom(List.of(), true);

    /** How many guests a slice has at most. */
    public static final int SLICE = 100;
}
