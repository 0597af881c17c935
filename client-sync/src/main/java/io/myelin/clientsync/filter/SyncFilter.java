package io.myelin.clientsync.filter;

import io.myelin.clientsync.event.EventFields;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter for {@code /sync}.
 *
 * @param fields the fields of events to send; null for all
 * @param federated whether events are wanted in the form in which servers exchange them
 * @param rooms which rooms to tell of at all
 * @param ephemeral for receipts and typing; its senders are the users who read or type
 * @param presence for presence
 * @param includeLeave whether a first sync, or one of the full state, tells of rooms that were left long ago
 * @param bytes the size of its JSON; 0 where that does not matter
 */
public record SyncFilter(
        @Nullable EventFields fields,
        boolean federated,
        EventFilter accountData,
        EventFilter rooms,
        EventFilter state,
        EventFilter timeline,
        EventFilter roomAccountData,
        EventFilter ephemeral,
        EventFilter presence,
        boolean includeLeave,
        int bytes) {

    /** How many fields of events a client may name: each event is looked through for all of them. */
    private static final int MOST_FIELDS = 200;

    public static final SyncFilter ALL = new SyncFilter(
            null,
            false,
            EventFilter.ALL,
            EventFilter.ALL,
            EventFilter.ALL,
            EventFilter.ALL,
            EventFilter.ALL,
            EventFilter.ALL,
            EventFilter.ALL,
            false,
            0);

    /** @throws InvalidFilter if a field is not of its type */
    public static SyncFilter parse(JsonObject filter) {
        Json roomPart = filter.get("room");
        if (roomPart != null && !(roomPart instanceof JsonObject)) {
            throw new InvalidFilter("In a filter, 'room' must be an object.");
        }
        JsonObject room = roomPart instanceof JsonObject object ? object : JsonObject.EMPTY;
        Set<String> fields = EventFilter.strings(filter, "event_fields");
        if (fields != null && fields.size() > MOST_FIELDS) {
            throw new InvalidFilter("In a filter, 'event_fields' has at most " + MOST_FIELDS + " entries.");
        }
        return new SyncFilter(
                fields == null ? null : EventFields.parse(List.copyOf(fields)),
                isFederated(filter),
                EventFilter.within(filter, "account_data"),
                EventFilter.parse(room.retain(Set.of("rooms", "not_rooms")::contains)),
                EventFilter.within(room, "state"),
                EventFilter.within(room, "timeline"),
                EventFilter.within(room, "account_data"),
                EventFilter.within(room, "ephemeral"),
                EventFilter.within(filter, "presence"),
                EventFilter.flag(room, "include_leave"),
                0);
    }

    SyncFilter ofBytes(int size) {
        return new SyncFilter(
                fields,
                federated,
                accountData,
                rooms,
                state,
                timeline,
                roomAccountData,
                ephemeral,
                presence,
                includeLeave,
                size);
    }

    private static boolean isFederated(JsonObject filter) {
        Json format = filter.get("event_format");
        if (format == null || format.equals(Json.of("client"))) {
            return false;
        }
        if (format.equals(Json.of("federation"))) {
            return true;
        }
        throw new InvalidFilter("In a filter, 'event_format' must be 'client' or 'federation'.");
    }

    public boolean wants(RoomId room) {
        return rooms.acceptsRoom(room);
    }

    public boolean lazyLoadsMembers() {
        return state.lazyLoadMembers();
    }

    public boolean includesRedundantMembers() {
        return state.includeRedundantMembers();
    }
}
