package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The event that ends a room. Client-server API, {@code m.room.tombstone}. */
final class Tombstone {
    private static final String REPLACEMENT = "replacement_room";

    private Tombstone() {}

    /** The ID of the room's tombstone; null if it has none. */
    static @Nullable EventId of(RoomState room) {
        Pdu event = room.get(EventTypes.TOMBSTONE, "");
        return event == null ? null : event.eventId();
    }

    /** The replacement that the room's tombstone names; empty if there is no tombstone or it names none. */
    static Optional<RoomId> replacement(RoomState room) {
        return room.content(EventTypes.TOMBSTONE).string(REPLACEMENT).flatMap(RoomId::tryParse);
    }

    static JsonObject content(RoomId replacement) {
        return JsonObject.builder()
                .put("body", "This room goes on in another one.")
                .put(REPLACEMENT, replacement.value())
                .build();
    }
}
