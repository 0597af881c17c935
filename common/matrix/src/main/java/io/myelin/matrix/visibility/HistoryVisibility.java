package io.myelin.matrix.visibility;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.Pdu;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an {@code m.room.history_visibility} says. Client-server API, "Room History Visibility". */
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

    /** What this event says; a room without one is shared. */
    public static HistoryVisibility of(@Nullable Pdu event) {
        return parse(
                event == null
                        ? null
                        : event.content().string("history_visibility").orElse(null));
    }

    /** As in {@code content.history_visibility}; what is missing or not understood counts as shared. */
    public static HistoryVisibility parse(@Nullable String value) {
        return switch (value) {
            case "world_readable" -> WORLD_READABLE;
            case "invited" -> INVITED;
            case "joined" -> JOINED;
            case null, default -> SHARED;
        };
    }

    /**
     * Whether a user sees what was sent while it was so: the five rules, by number.
     *
     * @param membership of the user in the state at the event, as in {@code content.membership}
     * @param joinedLater whether the user joined at any time after it
     */
    public boolean allows(String membership, boolean joinedLater) {
        return this == WORLD_READABLE // 1
                || membership.equals("join") // 2
                || (this == SHARED && joinedLater) // 3
                || (this == INVITED && membership.equals("invite")); // 4, else 5
    }

    /**
     * What a user of a server must have been when an event was sent, so that the server, which has a member now, sees it:
     * one of these. Empty if it sees the event anyway, since it joined later if not before.
     */
    public Set<Membership> neededThen() {
        return switch (this) {
            case WORLD_READABLE, SHARED -> Set.of();
            case INVITED -> Set.of(Membership.INVITE, Membership.JOIN);
            case JOINED -> Set.of(Membership.JOIN);
        };
    }
}
