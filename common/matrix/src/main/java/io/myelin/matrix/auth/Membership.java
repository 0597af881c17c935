package io.myelin.matrix.auth;

import io.myelin.matrix.event.Pdu;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user's relation to a room. Client-server API, {@code m.room.member}. */
public enum Membership {
    INVITE,
    JOIN,
    KNOCK,
    LEAVE,
    BAN;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** As in {@code content.membership}. */
    public String value() {
        return value;
    }

    public static Optional<Membership> parse(String value) {
        for (Membership membership : values()) {
            if (membership.value.equals(value)) {
                return Optional.of(membership);
            }
        }
        return Optional.empty();
    }

    /** The membership in this event; a user without a member event, or with an unknown value in it, has left. */
    public static Membership of(@Nullable Pdu memberEvent) {
        return memberEvent == null
                ? LEAVE
                : memberEvent
                        .content()
                        .string("membership")
                        .flatMap(Membership::parse)
                        .orElse(LEAVE);
    }
}
