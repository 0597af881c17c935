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
 * @param profile the newest that the shard has received; null if it has received none
 * @param joined those of the shard's rooms that the user is in
 * @param refreshed those of the joined rooms for which an order to show the newest profile is under way, {@value
 *     #MOST_REFRESHED} at most. They are not stored: a user who is loaded anew has none, and such an order may be given
 *     twice
 */
public record UserEntity(UserId user, @Nullable Profile profile, Set<RoomId> joined, Set<RoomId> refreshed)
        implements RoomEntity {

    private static final int MOST_REFRESHED = 1_000;

    public UserEntity(UserId user, @Nullable Profile profile, Set<RoomId> joined) {
        this(user, profile, joined, Set.of());
    }

    /** The newer of the profile in a command and the one that the shard knows; null if there is neither. */
    public @Nullable Profile newest(@Nullable Profile travelled) {
        return profile == null || (travelled != null && travelled.isNewerThan(profile)) ? travelled : profile;
    }

    public UserEntity with(Profile newer) {
        return new UserEntity(user, newer, joined, refreshed);
    }

    /** The same user, in or out of a room. */
    public UserEntity in(RoomId room, boolean isJoined) {
        return joined.contains(room) == isJoined
                ? this
                : new UserEntity(user, profile, changed(joined, room, isJoined), refreshed);
    }

    /** The same user, after an order to show the newest profile in a room was given or carried out. */
    public UserEntity refreshing(RoomId room, boolean isUnderWay) {
        boolean changes = refreshed.contains(room) != isUnderWay && (!isUnderWay || refreshed.size() < MOST_REFRESHED);
        return changes ? new UserEntity(user, profile, joined, changed(refreshed, room, isUnderWay)) : this;
    }

    private static Set<RoomId> changed(Set<RoomId> rooms, RoomId room, boolean isIn) {
        Set<RoomId> changed = new HashSet<>(rooms);
        if (isIn) {
            changed.add(room);
        } else {
            changed.remove(room);
        }
        return Set.copyOf(changed);
    }
}
