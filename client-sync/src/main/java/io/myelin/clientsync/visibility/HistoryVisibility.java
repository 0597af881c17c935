package io.myelin.clientsync.visibility;

import org.jspecify.annotations.Nullable;

/** The values of {@code m.room.history_visibility}, and what they let a user see of events sent while they were so. */
public enum HistoryVisibility {
    WORLD_READABLE,
    SHARED,
    INVITED,
    JOINED;

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
     * The five rules, by number.
     *
     * @param membership of the user in the state at the event
     * @param joinedLater whether the user joined at any time after it
     */
    public boolean allows(String membership, boolean joinedLater) {
        return this == WORLD_READABLE // 1
                || membership.equals("join") // 2
                || (this == SHARED && joinedLater) // 3
                || (this == INVITED && membership.equals("invite")); // 4, else 5
    }
}
