package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which users share which rooms, as of the shards' positions. */
public final class SharedRooms {
    private final GlobalCache rooms;

    public SharedRooms(GlobalCache rooms) {
        this.rooms = rooms;
    }

    /** The rooms to which a cached user is joined. */
    public Set<RoomId> joined(UserId user) {
        Set<RoomId> joined = new HashSet<>();
        for (RoomShard shard : rooms.shards()) {
            shard.memberships(user).ifPresent(mine -> addJoined(mine.rooms(), joined));
        }
        return joined;
    }

    private static void addJoined(Map<RoomId, UserRoom> mine, Set<RoomId> joined) {
        mine.forEach((id, room) -> {
            if (room.membership().equals("join")) {
                joined.add(id);
            }
        });
    }

    /**
     * Whether a user is joined to any of these rooms. If the user's memberships are not cached, the rooms themselves
     * are searched, and loaded if necessary.
     *
     * @throws io.myelin.contracts.Unavailable if they cannot be loaded
     */
    public boolean isInAny(UserId user, Set<RoomId> some) {
        boolean cached = true;
        for (RoomShard shard : rooms.shards()) {
            Optional<Memberships> theirs = shard.memberships(user);
            if (theirs.isEmpty()) {
                cached = false;
            } else if (isInAny(theirs.get().rooms(), some)) {
                return true;
            }
        }
        return !cached
                && some.stream()
                        .anyMatch(id -> rooms.roomIfReadable(id)
                                .filter(room -> room.membership(user).equals("join"))
                                .isPresent());
    }

    private static boolean isInAny(Map<RoomId, UserRoom> theirs, Set<RoomId> some) {
        if (theirs.size() <= some.size()) {
            return theirs.values().stream()
                    .anyMatch(room -> room.membership().equals("join") && some.contains(room.room()));
        }
        return some.stream()
                .map(theirs::get)
                .anyMatch(room -> room != null && room.membership().equals("join"));
    }
}
