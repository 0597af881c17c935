package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.facts.RoomState;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The event that ends a room. Client-server API, {@code m.room.tombstone}.
 *
 * @param aliases of this server that pointed to the room: one that is just being moved points nowhere, and is written here
 */
record Tombstone(EventId event, UserId sender, RoomId replacement, Set<RoomAlias> aliases) {
    private static final String REPLACEMENT = "replacement_room";
    private static final String ALIASES = "io.myelin.aliases";

    /** The one that the room has; empty if it has none that says where to go. */
    static Optional<Tombstone> of(RoomState room) {
        Pdu event = room.get(EventTypes.TOMBSTONE, "");
        return event == null
                ? Optional.empty()
                : event.content()
                        .string(REPLACEMENT)
                        .flatMap(RoomId::tryParse)
                        .map(to -> new Tombstone(event.eventId(), event.sender(), to, aliases(event.content())));
    }

    static JsonObject content(RoomId replacement, Collection<RoomAlias> aliases) {
        JsonObject content = JsonObject.builder()
                .put("body", "This room goes on in another one.")
                .put(REPLACEMENT, replacement.value())
                .build();
        return aliases.isEmpty()
                ? content
                : content.with(
                        ALIASES,
                        JsonArray.ofStrings(
                                aliases.stream().map(RoomAlias::value).toList()));
    }

    private static Set<RoomAlias> aliases(JsonObject content) {
        Set<RoomAlias> aliases = new LinkedHashSet<>();
        content.array(ALIASES)
                .orElse(JsonArray.EMPTY)
                .strings()
                .flatMap(text -> RoomAlias.tryParse(text).stream())
                .forEach(aliases::add);
        return aliases;
    }
}
