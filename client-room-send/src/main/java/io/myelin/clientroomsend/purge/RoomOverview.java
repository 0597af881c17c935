package io.myelin.clientroomsend.purge;

import io.myelin.contracts.room.ListedRoom;
import io.myelin.contracts.room.ListedRoom.Value;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonBoolean;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonString;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A room in the form of Synapse's admin API ("List Room", "Room Details"). Of its state only some short texts are kept, since a
 * list has many rooms.
 *
 * @param listed without its state
 * @param texts by the type of the state event and the name of the field
 */
record RoomOverview(ListedRoom listed, Map<String, String> texts, boolean federatable, boolean tombstoned) {
    /** Longer texts are cut off. */
    private static final int MOST_CHARACTERS = 300;

    private static final String CREATOR = "creator";
    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry(EventTypes.NAME, "name"),
            Map.entry(EventTypes.TOPIC, "topic"),
            Map.entry("m.room.avatar", "url"),
            Map.entry(EventTypes.CANONICAL_ALIAS, "alias"),
            Map.entry("m.room.encryption", "algorithm"),
            Map.entry(EventTypes.JOIN_RULES, "join_rule"),
            Map.entry(EventTypes.GUEST_ACCESS, "guest_access"),
            Map.entry(EventTypes.HISTORY_VISIBILITY, "history_visibility"),
            Map.entry(EventTypes.TOMBSTONE, "replacement_room"),
            Map.entry(EventTypes.CREATE, "type"));

    static RoomOverview of(ListedRoom room) {
        Map<String, String> texts = new HashMap<>();
        boolean federatable = true;
        boolean tombstoned = false;
        for (Value value : room.state()) {
            JsonObject content = content(value);
            content.string(Objects.requireNonNullElse(FIELDS.get(value.type()), ""))
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> texts.put(value.type(), cut(text)));
            if (value.type().equals(EventTypes.CREATE)) {
                texts.put(CREATOR, value.sender().value());
                federatable = !(content.get("m.federate") instanceof JsonBoolean federate && !federate.value());
            }
            tombstoned |= value.type().equals(EventTypes.TOMBSTONE);
        }
        ListedRoom listed = new ListedRoom(
                room.room(),
                room.version(),
                room.published(),
                room.joined(),
                room.joinedLocal(),
                room.stateEvents(),
                List.of());
        return new RoomOverview(listed, texts, federatable, tombstoned);
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS));
    }

    private static JsonObject content(Value value) {
        try {
            return JsonParser.parseObject(value.content(), JsonRules.LENIENT_EVENTS);
        } catch (InvalidJson damaged) {
            return JsonObject.EMPTY;
        }
    }

    Optional<String> name() {
        return text(EventTypes.NAME);
    }

    Optional<String> canonicalAlias() {
        return text(EventTypes.CANONICAL_ALIAS);
    }

    Optional<String> creator() {
        return text(CREATOR);
    }

    Optional<String> encryption() {
        return text("m.room.encryption");
    }

    Optional<String> joinRules() {
        return text(EventTypes.JOIN_RULES);
    }

    Optional<String> guestAccess() {
        return text(EventTypes.GUEST_ACCESS);
    }

    Optional<String> historyVisibility() {
        return text(EventTypes.HISTORY_VISIBILITY);
    }

    /** Whether the name or the alias's localpart has the text, in whatever case, or the ID has it. */
    boolean has(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return name().filter(name -> name.toLowerCase(Locale.ROOT).contains(lower)).isPresent()
                || canonicalAlias()
                        .map(alias -> alias.substring(1).split(":", 2)[0])
                        .filter(local -> local.toLowerCase(Locale.ROOT).contains(lower))
                        .isPresent()
                || listed.room().value().contains(text);
    }

    JsonObject inList() {
        return builder().build();
    }

    JsonObject details() {
        return builder()
                .put("topic", orNull(text(EventTypes.TOPIC)))
                .put("avatar", orNull(text("m.room.avatar")))
                .put("tombstoned", tombstoned)
                .put("replacement_room", orNull(text(EventTypes.TOMBSTONE)))
                .build();
    }

    private JsonObjectBuilder builder() {
        return JsonObject.builder()
                .put("room_id", listed.room().value())
                .put("name", orNull(name()))
                .put("canonical_alias", orNull(canonicalAlias()))
                .put("joined_members", listed.joined())
                .put("joined_local_members", listed.joinedLocal())
                .put("version", listed.version())
                .put("creator", orNull(creator()))
                .put("encryption", orNull(encryption()))
                .put("federatable", federatable)
                .put("public", listed.published())
                .put("join_rules", orNull(joinRules()))
                .put("guest_access", orNull(guestAccess()))
                .put("history_visibility", orNull(historyVisibility()))
                .put("state_events", listed.stateEvents())
                .put("room_type", orNull(text(EventTypes.CREATE)));
    }

    private Optional<String> text(String type) {
        return Optional.ofNullable(texts.get(type));
    }

    private static Json orNull(Optional<String> text) {
        return text.<Json>map(JsonString::new).orElse(JsonNull.NULL);
    }
}
