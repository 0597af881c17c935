package io.myelin.contracts.presence;

import java.util.Locale;
import java.util.Optional;

/** Client-server API, "Presence". */
public enum PresenceState {
    ONLINE,
    UNAVAILABLE,
    OFFLINE;

    /** The name in the specification: {@code online}, {@code unavailable}, {@code offline}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty if it is none of the specification's. */
    public static Optional<PresenceState> parse(String text) {
        for (PresenceState state : values()) {
            if (state.text().equals(text)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
