package io.myelin.matrix.auth;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rule by which users may join a room. Client-server API, {@code m.room.join_rules}. */
public enum JoinRule {
    PUBLIC,
    INVITE,
    KNOCK,
    RESTRICTED,
    KNOCK_RESTRICTED,
    /** The reserved value, and every unknown one: no user may join. */
    PRIVATE;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** As in {@code content.join_rule}. */
    public String value() {
        return value;
    }

    public static Optional<JoinRule> parse(String value) {
        for (JoinRule rule : values()) {
            if (rule.value.equals(value)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** The rule of this event; a room without the event is by invitation. */
    public static JoinRule of(@Nullable Pdu joinRulesEvent) {
        return joinRulesEvent == null
                ? INVITE
                : joinRulesEvent
                        .content()
                        .string("join_rule")
                        .flatMap(JoinRule::parse)
                        .orElse(PRIVATE);
    }

    /** Whether users may ask to be let in, in a room of this version. */
    public boolean allowsKnocking(RoomVersion version) {
        return (this == KNOCK && version.knock()) || (this == KNOCK_RESTRICTED && version.knockRestricted());
    }

    /** Whether members of other rooms may join, in a room of this version. */
    public boolean isRestricted(RoomVersion version) {
        return (this == RESTRICTED && version.restricted()) || (this == KNOCK_RESTRICTED && version.knockRestricted());
    }

    /** Whether invited users may join, and others may not, in a room of this version. */
    public boolean isByInvitation(RoomVersion version) {
        return this == INVITE || (this == KNOCK && version.knock());
    }
}
