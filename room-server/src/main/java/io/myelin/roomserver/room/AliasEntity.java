package io.myelin.roomserver.room;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * A room alias that points to a room or is claimed for one.
 *
 * @param confirmed whether it points to the room; else it is a claim, for a room that is being made
 * @param lapses when a claim is void, in milliseconds since the epoch
 */
public record AliasEntity(RoomId room, UserId creator, boolean confirmed, long lapses) implements RoomEntity {

    public boolean isTaken(long now) {
        return confirmed || now < lapses;
    }
}
