package io.myelin.matrix.visibility;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.Pdu;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The value of an {@code m.room.history_visibility}. Client-server API, "Room History Visibility". */
public enum HistoryVisibility {
    WORLD_READABLE,
    SHARED,
    INVITED,
    JOINED;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** As in {@code content.history_visibility}. */
    public String value() {
        return value;
    }

    /** The value of this event; a room without the event is shared. */
    public static HistoryVisibility of(@Nullable Pdu event) {
        return parse(
                event == null
                        ? null
                        : event.content().string("history_visibility").orElse(null));
    }

    /** As in {@code content.history_visibility}; a missing or unknown value counts as shared. */
    public static HistoryVisibility parse(@Nullable String value) {
        return switch (value) {
            case "world_readable" -> WORLD_READABLE;
            case "invited" -> INVITED;
            case "joined" -> JOINED;
            case null, default -> SHARED;
        };
    }

    /**
     * Whether a user may see an event that was sent under this visibility: the five rules, by number.
     *
     * @param membership the user's membership in the state at the event, as in {@code content.membership}
     * @param joinedLater whether the user joined at any time after it
     */
    public boolean allows(String membership, boolean joinedLater) {
        return this == WORLD_READABLE // 1
                || membership.equals("join") // 2
                || (this == SHARED && joinedLater) // 3
                || (this == INVITED && membership.equals("invite")); // 4, else 5
    }

    /**
     * The memberships of which one of a server's users must have had one when an event was sent, so that the server, which
     * has a member now, may see it. Empty if the server may see it anyway, since its member joined later if not before.
     */
    public Set<Membership> neededThen() {
        return switch (this) {
            case WORLD_READABLE, SHARED -> Set.of();
            case INVITED -> Set.of(Membership.INVITE, Membership.JOIN);
            case JOINED -> Set.of(Membership.JOIN);
        };
    }
}
