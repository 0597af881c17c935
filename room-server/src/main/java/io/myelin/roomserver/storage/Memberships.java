package io.myelin.roomserver.storage;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.ByteSlice;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The values of an event's column {@code membership}. The numbers must never change. */
final class Memberships {

    private Memberships() {}

    /** The column of a member event; null for other events. */
    static @Nullable Short column(String type, @Nullable String stateKey, byte[] body) {
        return stateKey == null || !type.equals(EventTypes.MEMBER) ? null : Short.valueOf(number(read(body)));
    }

    /** The membership in the body of a member event, as by {@link Membership#of} but without parsing the body. */
    static Membership read(byte[] body) {
        ByteSlice value = PduBytes.find(PduBytes.content(body), "membership");
        if (value == null) {
            return Membership.LEAVE;
        }
        String quoted = new String(value.toByteArray(), StandardCharsets.UTF_8);
        return quoted.length() < 2
                ? Membership.LEAVE
                : Membership.parse(quoted.substring(1, quoted.length() - 1)).orElse(Membership.LEAVE);
    }

    private static short number(Membership membership) {
        return switch (membership) {
            case JOIN -> 1;
            case INVITE -> 2;
            case KNOCK -> 3;
            case LEAVE -> 4;
            case BAN -> 5;
        };
    }

    static Membership of(short number) {
        return switch (number) {
            case 1 -> Membership.JOIN;
            case 2 -> Membership.INVITE;
            case 3 -> Membership.KNOCK;
            case 4 -> Membership.LEAVE;
            case 5 -> Membership.BAN;
            default ->
                throw new IllegalArgumentException(
                        "An event has a membership " + number + " that this release does not know");
        };
    }
}
