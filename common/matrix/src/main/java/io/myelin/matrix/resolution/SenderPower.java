package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;

/** The power of an event's sender, by the power levels and the create event that the event cites. */
final class SenderPower {
    private final LoadedEvents events;

    SenderPower(LoadedEvents events) {
        this.events = events;
    }

    /** The sender's power; the default level for an event that cites no create event, such as the create event itself. */
    long of(Pdu event) {
        Pdu create = events.cited(event, EventTypes.CREATE, "");
        return create == null
                ? event.version().defaultPowerLevels().users()
                : PowerLevels.of(create, events.cited(event, EventTypes.POWER_LEVELS, ""))
                        .user(event.sender());
    }
}
