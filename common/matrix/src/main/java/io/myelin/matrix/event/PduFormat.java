package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.HistoricalNumbers;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.EventFormat;
import io.myelin.matrix.room.RoomVersion;
import java.util.OptionalLong;

/** The event format of a room version: the members of an event and their types. Room versions, "Event format". */
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
        checkEventId(version, event);
        checkRoomId(version, type, event);
        if (integer(event, "depth").orElse(-1) < 0) {
            throw wrong("depth", "must be a non-negative integer");
        }
        if (integer(event, "origin_server_ts").isEmpty()) {
            throw wrong("origin_server_ts", "must be an integer");
        }
        checkReferences(version, event, "prev_events", EventLimits.MAX_PREV_EVENTS);
        checkReferences(version, event, "auth_events", EventLimits.MAX_AUTH_EVENTS);
        if (event.object("hashes").flatMap(hashes -> hashes.string("sha256")).isEmpty()) {
            throw wrong("hashes", "must have a sha256");
        }
        if (event.has("signatures") && !(event.get("signatures") instanceof JsonObject)) {
            throw wrong("signatures", "must be an object");
        }
    }

    /**
     * The event with its numbers in the form that servers hash. Before version 6 they may be any JSON numbers.
     *
     * @throws InvalidEvent if this version allows only the numbers of canonical JSON and the event has others
     * @throws io.myelin.matrix.json.InvalidJson if a number is beyond what any server accepts
     */
    static JsonObject withItsNumbers(RoomVersion version, JsonObject event) {
        if (!HistoricalNumbers.occurIn(event)) {
            return event;
        }
        if (version.eventFormat().isCanonicalJson()) {
            throw new InvalidEvent("The event's numbers must be integers within ±(2^53 − 1).");
        }
        return HistoricalNumbers.written(event);
    }

    /** An integer of 64 bits, as {@code depth} may be before version 6. */
    static OptionalLong integer(JsonObject event, String name) {
        return event.get(name) instanceof JsonDecimal decimal ? decimal.integer() : event.integer(name);
    }

    private static void checkEventId(RoomVersion version, JsonObject event) {
        if (version.eventFormat().eventIdOnEvent()
                && event.string("event_id")
                        .flatMap(EventId::tryParse)
                        .flatMap(EventId::serverName)
                        .isEmpty()) {
            throw wrong("event_id", "must be an event ID with a server name");
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

    private static void checkReferences(RoomVersion version, JsonObject event, String name, int max) {
        if (!(event.get(name) instanceof JsonArray references)) {
            throw wrong(name, "must be an array");
        }
        if (references.size() > max) {
            throw wrong(name, "must have at most " + max + " entries");
        }
        EventFormat format = version.eventFormat();
        for (Json reference : references) {
            if (!EventReferences.isReference(format, reference)) {
                throw wrong(
                        name,
                        format.eventIdOnEvent()
                                ? "must have pairs of event ID and hashes only"
                                : "must have event IDs only");
            }
        }
    }

    private static InvalidEvent wrong(String name, String problem) {
        return new InvalidEvent("The event's " + name + " " + problem + ".");
    }
}
