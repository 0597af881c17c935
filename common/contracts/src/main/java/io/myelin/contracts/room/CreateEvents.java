package io.myelin.contracts.room;

import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import org.jspecify.annotations.Nullable;

/**
 * The create event of a room as the writer, who needs the room's ID, and the owner, who signs it, both make it. It has
 * neither previous nor auth events, and signatures do not count for its hash: whoever knows content and time knows the event
 * ID, and from room version 12 on the room ID, before the room is.
 */
public final class CreateEvents {

    private CreateEvents() {}

    /**
     * The ID of the room to be.
     *
     * @param content of {@code m.room.create}, complete
     * @param otherwise the ID for versions that let the server choose one: {@code !opaque:server}, never used before
     * @throws io.myelin.matrix.event.EventTooLarge if the event is
     */
    public static RoomId roomId(
            RoomVersion version, UserId creator, JsonObject content, long timestamp, RoomId otherwise) {
        return version.roomIdIsCreateEventHash()
                ? RoomId.ofCreateEvent(template(version, null, creator, content, timestamp)
                        .unsigned()
                        .eventId())
                : otherwise;
    }

    /** @param room ignored by versions whose create event does not say it */
    public static EventTemplate template(
            RoomVersion version, @Nullable RoomId room, UserId creator, JsonObject content, long timestamp) {
        EventTemplate template = new EventTemplate(version, creator, EventTypes.CREATE, content)
                .stateKey("")
                .depth(1)
                .originServerTs(timestamp);
        return room == null || version.roomIdIsCreateEventHash() ? template : template.roomId(room);
    }
}
