package io.myelin.clientsync.space;

import io.myelin.clientsync.event.ClientEvents;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.JsonWriter;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A room of a space. Client-server API, {@code m.space.child}.
 *
 * @param order null if the space gives it no valid one
 * @param timestamp of the event, in milliseconds since the epoch
 * @param event null where there are too many to tell them all
 */
record SpaceChild(
        RoomId room,
        @Nullable String order,
        long timestamp,
        boolean suggested,
        @Nullable StoredEvent event) {
    private static final int LONGEST_ORDER = 50;

    /** "Ordering of children within a space". */
    static final Comparator<SpaceChild> ORDER = Comparator.comparing(
                    SpaceChild::order, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparingLong(SpaceChild::timestamp)
            .thenComparing(child -> child.room().value());

    /** Empty if the event makes no room a child, because it names no server to join by. */
    static Optional<SpaceChild> of(StoredEvent stored) {
        String stateKey = stored.event().stateKey();
        JsonObject content =
                JsonParser.parseObject(PduBytes.content(stored.event().body()), JsonRules.LENIENT_EVENTS);
        JsonArray via = content.array("via").orElse(JsonArray.EMPTY);
        boolean isChild = via.stream().findAny().isPresent() && via.stream().allMatch(JsonString.class::isInstance);
        return !isChild || stateKey == null
                ? Optional.empty()
                : RoomId.tryParse(stateKey)
                        .map(room -> new SpaceChild(
                                room,
                                content.string("order")
                                        .filter(SpaceChild::isValid)
                                        .orElse(null),
                                stored.event().timestamp(),
                                content.bool("suggested").orElse(false),
                                stored));
    }

    private static boolean isValid(String order) {
        return order.length() <= LONGEST_ORDER && order.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    }

    SpaceChild withoutEvent() {
        return new SpaceChild(room, order, timestamp, suggested, null);
    }

    /** Writes the event as stripped state with its {@code origin_server_ts}. */
    void write(JsonWriter out) {
        if (event != null) {
            ClientEvents.writeStripped(out, event, timestamp);
        }
    }
}
