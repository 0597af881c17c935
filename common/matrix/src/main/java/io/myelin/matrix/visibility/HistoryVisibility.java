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

    /** What this event says; a room without one (or with one that says nothing known) is shared. */
    public static HistoryVisibility of(@Nullable Pdu event) {
        String said = event == null
                ? null
                : event.content().string("history_visibility").orElse(null);
        for (HistoryVisibility visibility : values()) {
            if (visibility.value.equals(said)) {
                return visibility;
            }
        }
        return SHARED;
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
