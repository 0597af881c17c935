package io.myelin.matrix.auth;

import io.myelin.matrix.auth.AuthResult.Rejected;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;

/**
 * Rules are numbered here as version 12 numbers them. That version inserted rule 2 (the room ID is a create event's) and
 * rule 10.4 (no creators among the users), so that the same rules have lower numbers in versions 10 and 11.
 */
final class RuleNumber {
    private static final int ROOM_ID_RULE = 2;
    private static final int POWER_LEVELS_RULE = 10;
    private static final int NO_CREATORS_RULE = 4;

    private RuleNumber() {}

    /** Rejects the event by the rule that has this number in version 12. */
    static Rejected rejected(Pdu event, String numberIn12, String reason) {
        return new Rejected(in(event.version(), numberIn12), reason);
    }

    static String in(RoomVersion version, String numberIn12) {
        if (version.roomIdIsCreateEventHash()) {
            return numberIn12;
        }
        String[] parts = numberIn12.split("\\.", -1);
        int rule = Integer.parseInt(parts[0]);
        if (rule == POWER_LEVELS_RULE && parts.length > 1) {
            parts[1] = lowered(parts[1], NO_CREATORS_RULE);
        }
        parts[0] = lowered(parts[0], ROOM_ID_RULE);
        return String.join(".", parts);
    }

    private static String lowered(String number, int inserted) {
        int value = Integer.parseInt(number);
        return Integer.toString(value > inserted ? value - 1 : value);
    }
}
