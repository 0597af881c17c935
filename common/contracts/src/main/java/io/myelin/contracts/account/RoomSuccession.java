package io.myelin.contracts.account;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** Has what a user has set for a room hold for the room that replaces it. Client-server API, "Room Upgrades". */
public interface RoomSuccession {
    /** How many tags of a room are copied. */
    int MOST_TAGS = 100;

    /**
     * Copies a room's tags, unless the new room has some, and its place in {@code m.direct}. Repeated, it changes nothing.
     *
     * @return whether anything was copied
     */
    boolean inherit(UserId user, RoomId from, RoomId to);
}
