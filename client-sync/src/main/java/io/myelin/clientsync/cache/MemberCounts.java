package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import org.jspecify.annotations.Nullable;

/** How many members of a room are joined, and how many invited. */
public record MemberCounts(int joined, int invited) {
    public static final MemberCounts NONE = new MemberCounts(0, 0);

    /** The counts after one member event has replaced another. */
    public MemberCounts replace(@Nullable StoredEvent before, @Nullable StoredEvent after) {
        MemberCounts without = before == null ? this : count(before, -1);
        return after == null ? without : without.count(after, 1);
    }

    private MemberCounts count(StoredEvent member, int by) {
        return switch (EventContent.membership(member)) {
            case "join" -> new MemberCounts(joined + by, invited);
            case "invite" -> new MemberCounts(joined, invited + by);
            default -> this;
        };
    }
}
