package io.myelin.matrix.event;

import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.EventFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How an event cites others in {@code prev_events} and {@code auth_events}: by their IDs; in versions 1 and 2, by pairs of an
 * ID and an object of hashes, {@code ["$id:server", {"sha256": "…"}]}.
 */
final class EventReferences {
    private EventReferences() {}

    /** The cited IDs in an event of this format. */
    static List<EventId> read(EventFormat format, JsonObject event, String name) {
        return event.array(name).orElse(JsonArray.EMPTY).stream()
                .map(reference -> new EventId(id(format, reference).orElseThrow()))
                .toList();
    }

    /** Whether this is a reference in this format. The hashes beside an ID are not checked. */
    static boolean isReference(EventFormat format, Json reference) {
        return id(format, reference).flatMap(EventId::tryParse).isPresent();
    }

    private static Optional<String> id(EventFormat format, Json reference) {
        if (!format.eventIdOnEvent()) {
            return reference instanceof JsonString(String id) ? Optional.of(id) : Optional.empty();
        }
        return reference instanceof JsonArray pair
                        && pair.size() == 2
                        && pair.get(0) instanceof JsonString(String id)
                        && pair.get(1) instanceof JsonObject
                ? Optional.of(id)
                : Optional.empty();
    }

    /** @param referenceHash gives the hash of a cited event, if the format needs it */
    static JsonArray write(EventFormat format, List<EventId> ids, Function<EventId, byte[]> referenceHash) {
        return new JsonArray(ids.stream()
                .<Json>map(id -> format.eventIdOnEvent() ? pair(id, referenceHash.apply(id)) : Json.of(id.value()))
                .toList());
    }

    private static JsonArray pair(EventId id, byte[] hash) {
        return JsonArray.of(Json.of(id.value()), JsonObject.of("sha256", UnpaddedBase64.encode(hash)));
    }
}
