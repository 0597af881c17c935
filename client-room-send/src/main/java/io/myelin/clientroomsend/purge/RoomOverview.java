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
import java.util.Locale;
import java.util.Optional;

/** A room in the form of Synapse's admin API ("List Room", "Room Details"). */
record RoomOverview(ListedRoom listed) {

    Optional<String> name() {
        return text(EventTypes.NAME, "name");
    }

    Optional<String> canonicalAlias() {
        return text(EventTypes.CANONICAL_ALIAS, "alias");
    }

    Optional<String> creator() {
        return value(EventTypes.CREATE).map(create -> create.sender().value());
    }

    Optional<String> encryption() {
        return text("m.room.encryption", "algorithm");
    }

    Optional<String> joinRules() {
        return text(EventTypes.JOIN_RULES, "join_rule");
    }

    Optional<String> guestAccess() {
        return text("m.room.guest_access", "guest_access");
    }

    Optional<String> historyVisibility() {
        return text(EventTypes.HISTORY_VISIBILITY, "history_visibility");
    }

    boolean federatable() {
        return !(content(EventTypes.CREATE).get("m.federate") instanceof JsonBoolean federate && !federate.value());
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
                .put("topic", orNull(text(EventTypes.TOPIC, "topic")))
                .put("avatar", orNull(text("m.room.avatar", "url")))
                .put("tombstoned", value(EventTypes.TOMBSTONE).isPresent())
                .put("replacement_room", orNull(text(EventTypes.TOMBSTONE, "replacement_room")))
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
                .put("federatable", federatable())
                .put("public", listed.published())
                .put("join_rules", orNull(joinRules()))
                .put("guest_access", orNull(guestAccess()))
                .put("history_visibility", orNull(historyVisibility()))
                .put("state_events", listed.stateEvents())
                .put("room_type", orNull(text(EventTypes.CREATE, "type")));
    }

    private Optional<Value> value(String type) {
        return listed.state().stream().filter(value -> value.type().equals(type)).findFirst();
    }

    private JsonObject content(String type) {
        try {
            return value(type)
                    .map(value -> JsonParser.parseObject(value.content(), JsonRules.LENIENT_EVENTS))
                    .orElse(JsonObject.EMPTY);
        } catch (InvalidJson damaged) {
            return JsonObject.EMPTY;
        }
    }

    private Optional<String> text(String type, String field) {
        return content(type).string(field).filter(text -> !text.isEmpty());
    }

    private static Json orNull(Optional<String> text) {
        return text.<Json>map(JsonString::new).orElse(JsonNull.NULL);
    }
}
