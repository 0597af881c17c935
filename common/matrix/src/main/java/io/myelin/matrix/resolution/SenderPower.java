package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;

/** The power that an event's sender had by the event's own account: by the power levels and creators that it cites. */
final class SenderPower {
    private final LoadedEvents events;

    SenderPower(LoadedEvents events) {
        this.events = events;
    }

    /** The default level for an event that cites no create event, as the create event itself does not. */
    long of(Pdu event) {
        Pdu create = events.cited(event, EventTypes.CREATE, "");
        return create == null
                ? event.version().defaultPowerLevels().users()
                : PowerLevels.of(create, events.cited(event, EventTypes.POWER_LEVELS, ""))
                        .user(event.sender());
    }
}
