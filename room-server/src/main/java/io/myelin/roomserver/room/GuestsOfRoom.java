package io.myelin.roomserver.room;

import io.myelin.matrix.id.UserId;
import java.util.List;

/**
 * Guests who are in a room: some, in order of their IDs.
 *
 * @param isAll whether there are no more
 */
public record GuestsOfRoom(List<UserId> guests, boolean isAll) implements RoomEntity {

    public static final GuestsOfRoom NOBODY = new GuestsOfRoom(List.of(), true);

    /** How many there are at most. */
    public static final int SLICE = 100;
}
