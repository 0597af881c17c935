package io.myelin.clientsync.space;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.web.JsonWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a room to users who can find it, and what decides whether they can. Client-server API, {@code GET
 * /room_summary}.
 *
 * @param membership the asking user's; null if they never had one, or nobody asks
 */
record RoomOverview(
        RoomId room,
        RoomVersion version,
        Map<String, JsonObject> state,
        @Nullable String membership) {
    /** How many rooms of a restricted join rule are looked at, and told. */
    private static final int MOST_ALLOWED_ROOMS = 100;

    private static final String SPACE = "m.space";

    private static final List<String> TYPES = List.of(
            EventTypes.CREATE,
            EventTypes.NAME,
            EventTypes.TOPIC,
            EventTypes.AVATAR,
            EventTypes.CANONICAL_ALIAS,
            EventTypes.JOIN_RULES,
            EventTypes.HISTORY_VISIBILITY,
            EventTypes.GUEST_ACCESS,
            EventTypes.ENCRYPTION);

    /** The state that {@link #of} reads. */
    static List<Wanted> places(@Nullable UserId user) {
        List<Wanted> places = new ArrayList<>();
        TYPES.forEach(type -> places.add(new Wanted(type, "")));
        if (user != null) {
            places.add(new Wanted(EventTypes.MEMBER, user.value()));
        }
        return places;
    }

    /** Empty if there is no such room. */
    static Optional<RoomOverview> of(RoomId room, List<StoredEvent> found) {
        Map<String, JsonObject> state = new HashMap<>();
        String membership = null;
        RoomVersion version = null;
        for (StoredEvent stored : found) {
            JsonObject content =
                    JsonParser.parseObject(PduBytes.content(stored.event().body()), JsonRules.LENIENT_EVENTS);
            String type = stored.event().type();
            if (type.equals(EventTypes.MEMBER)) {
                membership = content.string("membership").orElse(null);
            } else {
                state.put(type, content);
            }
            version = RoomVersions.find(stored.event().version()).orElse(null);
        }
        return version == null || !state.containsKey(EventTypes.CREATE)
                ? Optional.empty()
                : Optional.of(new RoomOverview(room, version, state, membership));
    }

    boolean isSpace() {
        return type().filter(SPACE::equals).isPresent();
    }

    private Optional<String> type() {
        return text(EventTypes.CREATE, "type");
    }

    private Optional<String> text(String type, String field) {
        return Optional.ofNullable(state.get(type)).flatMap(content -> content.string(field));
    }

    private String joinRule() {
        return text(EventTypes.JOIN_RULES, "join_rule").orElse("invite");
    }

    private boolean isWorldReadable() {
        return text(EventTypes.HISTORY_VISIBILITY, "history_visibility")
                .filter("world_readable"::equals)
                .isPresent();
    }

    /** Whether anybody at all can find the room. */
    boolean isOpen() {
        return isWorldReadable()
                || switch (joinRule()) {
                    case "public" -> true;
                    case "knock" -> version.knock();
                    case "knock_restricted" -> version.knockRestricted();
                    default -> false;
                };
    }

    boolean isBanned() {
        return "ban".equals(membership);
    }

    boolean isJoinedOrInvited() {
        return "join".equals(membership) || "invite".equals(membership);
    }

    /** The rooms whose members can join. */
    List<RoomId> allowedRooms() {
        boolean isRestricted = switch (joinRule()) {
            case "restricted" -> version.restricted();
            case "knock_restricted" -> version.knockRestricted();
            default -> false;
        };
        if (!isRestricted) {
            return List.of();
        }
        List<RoomId> rooms = new ArrayList<>();
        state.getOrDefault(EventTypes.JOIN_RULES, JsonObject.EMPTY).array("allow").stream()
                .flatMap(allow -> allow.stream())
                .limit(MOST_ALLOWED_ROOMS)
                .forEach(condition -> {
                    if (condition instanceof JsonObject fields
                            && fields.string("type")
                                    .filter("m.room_membership"::equals)
                                    .isPresent()) {
                        fields.string("room_id").flatMap(RoomId::tryParse).ifPresent(rooms::add);
                    }
                });
        return rooms;
    }

    /** Writes the fields of the summary into an object that has begun. */
    void writeFields(JsonWriter out, long joinedMembers) {
        out.field("room_id", room.value());
        out.field("num_joined_members", joinedMembers);
        out.field("world_readable", isWorldReadable());
        out.field(
                "guest_can_join",
                text(EventTypes.GUEST_ACCESS, "guest_access")
                        .filter("can_join"::equals)
                        .isPresent());
        out.field("join_rule", joinRule());
        out.field("room_version", version.id());
        text(EventTypes.NAME, "name").ifPresent(name -> out.field("name", name));
        text(EventTypes.TOPIC, "topic").ifPresent(topic -> out.field("topic", topic));
        text(EventTypes.AVATAR, "url").ifPresent(avatar -> out.field("avatar_url", avatar));
        text(EventTypes.CANONICAL_ALIAS, "alias").ifPresent(alias -> out.field("canonical_alias", alias));
        type().ifPresent(type -> out.field("room_type", type));
        encryption().ifPresent(algorithm -> out.field("encryption", algorithm));
        List<RoomId> allowed = allowedRooms();
        if (!allowed.isEmpty()) {
            out.name("allowed_room_ids").beginArray();
            allowed.forEach(one -> out.value(one.value()));
            out.endArray();
        }
    }

    /** Writes the names that fields had before MSC3266 was accepted. */
    void writeUnstableFields(JsonWriter out) {
        out.field("im.nheko.summary.version", version.id());
        out.field("im.nheko.summary.room_version", version.id());
        encryption().ifPresent(algorithm -> out.field("im.nheko.summary.encryption", algorithm));
    }

    private Optional<String> encryption() {
        Json algorithm =
                state.getOrDefault(EventTypes.ENCRYPTION, JsonObject.EMPTY).get("algorithm");
        return algorithm instanceof JsonString(String text) ? Optional.of(text) : Optional.empty();
    }
}
