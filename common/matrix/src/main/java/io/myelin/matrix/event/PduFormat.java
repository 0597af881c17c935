package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.RoomVersion;

/** The event format of a room version: which members an event has, and of what type. Room versions, "Event format". */
final class PduFormat {
    private PduFormat() {}

    /** @throws InvalidEvent if the event does not have this version's format */
    static void check(RoomVersion version, JsonObject event) {
        String type = event.string("type").orElseThrow(() -> wrong("type", "must be a string"));
        String sender = event.string("sender").orElseThrow(() -> wrong("sender", "must be a string"));
        if (UserId.tryParse(sender).isEmpty()) {
            throw wrong("sender", "must be a user ID");
        }
        if (event.has("state_key") && !(event.get("state_key") instanceof JsonString)) {
            throw wrong("state_key", "must be a string");
        }
        if (!(event.get("content") instanceof JsonObject)) {
            throw wrong("content", "must be an object");
        }
        checkRoomId(version, type, event);
        if (!(event.get("depth") instanceof JsonNumber(long depth)) || depth < 0) {
            throw wrong("depth", "must be a non-negative integer");
        }
        if (!(event.get("origin_server_ts") instanceof JsonNumber)) {
            throw wrong("origin_server_ts", "must be an integer");
        }
        checkEventIds(event, "prev_events", EventLimits.MAX_PREV_EVENTS);
        checkEventIds(event, "auth_events", EventLimits.MAX_AUTH_EVENTS);
        if (event.object("hashes").flatMap(hashes -> hashes.string("sha256")).isEmpty()) {
            throw wrong("hashes", "must have a sha256");
        }
        if (event.has("signatures") && !(event.get("signatures") instanceof JsonObject)) {
            throw wrong("signatures", "must be an object");
        }
    }

    private static void checkRoomId(RoomVersion version, String type, JsonObject event) {
        boolean mayLackRoom =
                type.equals(EventTypes.CREATE) && !version.eventFormat().roomIdOnCreateEvent();
        if (mayLackRoom && !event.has("room_id")) {
            return;
        }
        if (event.string("room_id").flatMap(RoomId::tryParse).isEmpty()) {
            throw wrong("room_id", "must be a room ID");
        }
    }

    private static void checkEventIds(JsonObject event, String name, int max) {
        if (!(event.get(name) instanceof JsonArray ids)) {
            throw wrong(name, "must be an array");
        }
        if (ids.size() > max) {
            throw wrong(name, "must have at most " + max + " entries");
        }
        for (Json id : ids) {
            if (!(id instanceof JsonString(String value))
                    || EventId.tryParse(value).isEmpty()) {
                throw wrong(name, "must have event IDs only");
            }
        }
    }

    private static InvalidEvent wrong(String name, String problem) {
        return new InvalidEvent("The event's " + name + " " + problem + ".");
    }
}
