package io.myelin.roomserver.room;

import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user as one shard of rooms knows them.
 *
 * @param profile the newest that the shard was told of; null if it never was
 * @param joined those of the shard's rooms that the user is in
 */
public record UserEntity(UserId user, @Nullable Profile profile, Set<RoomId> joined) implements RoomEntity {

    /** The newer of what travelled with a command and what the shard knows; null if neither has any. */
    public @Nullable Profile newest(@Nullable Profile travelled) {
        return profile == null || (travelled != null && travelled.isNewerThan(profile)) ? travelled : profile;
    }

    public UserEntity with(Profile newer) {
        return new UserEntity(user, newer, joined);
    }

    /** The same user, in or out of a room. */
    public UserEntity in(RoomId room, boolean isJoined) {
        if (joined.contains(room) == isJoined) {
            return this;
        }
        Set<RoomId> changed = new HashSet<>(joined);
        if (isJoined) {
            changed.add(room);
        } else {
            changed.remove(room);
        }
        return new UserEntity(user, profile, Set.copyOf(changed));
    }
}
