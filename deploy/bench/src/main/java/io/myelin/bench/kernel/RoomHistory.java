package io.myelin.bench.kernel;

import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.EventsInMemory;
import io.myelin.matrix.room.RoomVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All events of a room, in all branches, a second apart. */
final class RoomHistory {

    private final RoomVersion version;
    private final Map<EventId, Pdu> events = new HashMap<>();
    private long clock;

    RoomHistory(RoomVersion version) {
        this.version = version;
    }

    RoomVersion version() {
        return version;
    }

    /**
     * Makes an event from the template, and returns it as storage would: the IDs that it cites are strings of its own. The
     * event is not signed, because no kernel that reads a history verifies signatures.
     */
    Pdu add(EventTemplate template) {
        clock += 1_000;
        var made = template.originServerTs(clock).unsigned();
        var event = Pdu.stored(version, made.eventId(), made.bytes());
        events.put(event.eventId(), event);
        return event;
    }

    Pdu event(EventId id) {
        var event = events.get(id);
        if (event == null) {
            throw new IllegalArgumentException("The room has no event " + id);
        }
        return event;
    }

    EventsInMemory events() {
        return new EventsInMemory(events, Set.of());
    }
}
