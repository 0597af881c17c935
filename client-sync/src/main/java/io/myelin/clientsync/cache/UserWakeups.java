package io.myelin.clientsync.cache;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** Is told of users for whom something is new; called while a shard's lock is held, so it returns at once. */
@FunctionalInterface
public interface UserWakeups {
    void of(UserId user);

    /** Is told of a room in which something is new. */
    default void in(RoomId room) {
        // Whoever is in the room is told of one by one.
    }

    /** Is told of one device for which something is new. */
    default void of(UserId user, String device) {
        of(user);
    }
}
