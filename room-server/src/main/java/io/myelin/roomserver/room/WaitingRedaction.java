package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.ServerName;

/**
 * A redaction that arrived before the event that it redacts.
 *
 * @param room the number of its room's create event
 * @param number the redaction's own number
 * @param hasPower whether its sender may redact the events of everybody, by the state before it
 */
public record WaitingRedaction(long room, long number, boolean hasPower, Pdu event) {

    private ServerName server() {
        return event.sender().serverName();
    }

    /** Whether the redaction takes effect on an event of its room. */
    boolean mayRedact(Pdu target) {
        return PowerLevels.mayRedact(event, hasPower, target);
    }

    /** Whether this redaction takes effect wherever a later one would. */
    boolean outdoes(WaitingRedaction later) {
        return room == later.room && (hasPower || (!later.hasPower && server().equals(later.server())));
    }

    RedactedBy asRedactedBy() {
        return new RedactedBy(number, event.eventId(), event.bytes());
    }
}
