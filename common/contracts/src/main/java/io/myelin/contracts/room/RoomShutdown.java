package io.myelin.contracts.room;

import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shutdown of a room does, as it was when it began.
 *
 * @param users the users of this server who were in the room, invited to it or knocking, in order of their IDs; the first {@value #MOST_USERS} of them
 * @param aliases the aliases of this server that are moved to the new room
 * @param newRoom the room that users and aliases are moved to; null for none
 * @param purged whether the room is deleted
 * @param emptied whether all of the users have been asked to leave by now
 */
public record RoomShutdown(
        List<UserId> users,
        List<RoomAlias> aliases,
        @Nullable RoomId newRoom,
        boolean purged,
        boolean emptied) {

    /** More users are made to leave, but not listed. */
    public static final int MOST_USERS = 1_000;

    /** Either as it is, or with everybody asked. */
    public RoomShutdown emptied(boolean value) {
        return new RoomShutdown(users, aliases, newRoom, purged, value);
    }
}
