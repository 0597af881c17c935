package io.myelin.roomserver.room;

import io.myelin.matrix.id.RoomId;
import java.util.List;

/**
 * A slice of the rooms that a user is invited to or knocks at, in order of their IDs.
 *
 * @param isAll whether there are no more
 */
public record PendingRooms(List<RoomId> rooms, boolean isAll) implements RoomEntity {

    public static final PendingRooms NONE = new PendingRooms(List.of(), true);

    /** How many rooms a slice has at most. */
    public static final int SLICE = 100;
}
