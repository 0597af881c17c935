package io.myelin.contracts.receipt;

import io.myelin.contracts.Position;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * How far a user has read. Client-server API, "Receipts" and "Fully read markers".
 *
 * @param type {@link #PUBLIC}, {@link #PRIVATE} or {@link #FULLY_READ}; a user has one of each for each {@code thread}
 * @param thread {@code main} or the ID of a thread's root; null for a receipt without a thread, and always for {@link
 *     #FULLY_READ}
 * @param event the last event that the user has read
 * @param at the event's place in its room: of two receipts, the one further on is valid
 * @param timestamp milliseconds since the epoch, as clients are told
 */
public record Receipt(UserId user, String type, @Nullable String thread, EventId event, Position at, long timestamp) {

    public static final String PUBLIC = "m.read";
    public static final String PRIVATE = "m.read.private";
    public static final String FULLY_READ = "m.fully_read";

    /** Whether the room's other members may see it. */
    public boolean isPublic() {
        return type.equals(PUBLIC);
    }

    /** Whether this one is further on than another of the same user, type and thread. */
    public boolean isBeyond(@Nullable Receipt other) {
        return other == null || at.isAfter(other.at);
    }
}
