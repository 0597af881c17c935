package io.myelin.contracts.room;

import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import org.jspecify.annotations.Nullable;

/**
 * Builds a room's create event alike for the writer, which needs the room's ID, and for the owner, which signs the event.
 * The event has neither previous nor auth events, and its hash excludes signatures. So content and timestamp determine the
 * event ID, and from room version 12 on the room ID, before the room exists.
 */
public final class CreateEvents {

    private CreateEvents() {}

    /**
     * The ID of the room to create.
     *
     * @param content of {@code m.room.create}, complete
     * @param otherwise the ID for versions that let the server choose one: {@code !opaque:server}, never used before
     * @throws io.myelin.matrix.event.EventTooLarge if the event is too large
     */
    public static RoomId roomId(
            RoomVersion version, UserId creator, JsonObject content, long timestamp, RoomId otherwise) {
        return version.roomIdIsCreateEventHash()
                ? RoomId.ofCreateEvent(template(version, null, creator, content, timestamp)
                        .unsigned()
                        .eventId())
                : otherwise;
    }

    /** @param room ignored for room versions whose create event does not contain it */
    public static EventTemplate template(
            RoomVersion version, @Nullable RoomId room, UserId creator, JsonObject content, long timestamp) {
        EventTemplate template = new EventTemplate(version, creator, EventTypes.CREATE, content)
                .stateKey("")
                .depth(1)
                .originServerTs(timestamp);
        return room == null || version.roomIdIsCreateEventHash() ? template : template.roomId(room);
    }
}
