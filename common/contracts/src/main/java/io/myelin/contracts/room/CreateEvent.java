package io.myelin.contracts.room;

import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;

/**
 * The event that begins a room. It has neither previous nor auth events, and signatures do not count for its hash: a
 * writer that knows content and time knows the event ID, and from room version 12 on the room ID, before the room is.
 */
public final class CreateEvent {

    private CreateEvent() {}

    /** Of the room that {@link RoomCommand.CreateRoom} makes; up to version 11 its room ID is still to be set. */
    public static EventTemplate template(RoomVersion version, UserId creator, JsonObject content, long timestamp) {
        return new EventTemplate(version, creator, EventTypes.CREATE, content)
                .stateKey("")
                .originServerTs(timestamp);
    }
}
