package io.myelin.roomserver.decide;

import io.myelin.contracts.room.PolicyCheck;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.event.InvalidEvent;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.roomserver.room.Room;
import org.jspecify.annotations.Nullable;

/** Looks at events that come signed by a policy server, before they are made part of a room. */
final class PolicyChecks {
    private PolicyChecks() {}

    /**
     * The check of a command. Equal events that are drafted at the same time are one and the same; the first is taken, and the
     * others are drafted again.
     */
    static @Nullable PolicyCheck of(Known known, Room room, @Nullable PolicyCheck check) {
        byte[] event = check == null ? null : check.event();
        if (event == null) {
            return check;
        }
        try {
            return known.event(Pdu.parse(room.version(), event).eventId()).isPresent() ? PolicyCheck.ASKS : check;
        } catch (InvalidJson | InvalidEvent | EventTooLarge e) {
            return PolicyCheck.ASKS;
        }
    }
}
