package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.auth.Creators;
import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.ThirdPartySignatures;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a client may put into an event of a type that the server understands, where the authorisation rules do not
 * check it, or would give a less helpful error.
 */
final class EventContent {

    private static final List<String> LEVELS =
            List.of("users_default", "events_default", "state_default", "ban", "redact", "kick", "invite");
    private static final List<String> LEVEL_MAPS = List.of("events", "notifications", "users");

    private EventContent() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether some bytes are part of others. */
    static boolean contains(byte[] bytes, byte[] part) {
        for (int at = 0; at <= bytes.length - part.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /** @throws Refusal if the bytes are not a strict JSON object */
    static JsonObject parse(byte[] json) {
        try {
            return JsonParser.parseObject(json);
        } catch (InvalidJson invalid) {
            String errcode = switch (invalid.kind()) {
                case MALFORMED -> "M_NOT_JSON";
                case UNACCEPTABLE -> "M_BAD_JSON";
            };
            throw new Refusal(400, errcode, String.valueOf(invalid.getMessage()));
        }
    }

    static JsonObject parseOrEmpty(byte @Nullable [] json) {
        return json == null ? JsonObject.EMPTY : parse(json);
    }

    /** @throws Refusal if the type or state key cannot be stored */
    static void checkNames(String type, @Nullable String stateKey) {
        if (type.indexOf('\0') >= 0 || (stateKey != null && stateKey.indexOf('\0') >= 0)) {
            throw new Refusal(MatrixError.invalidParam("A type or state key cannot contain U+0000."));
        }
    }

    /** @throws Refusal if state of this type cannot have the content */
    static void checkState(Room room, String type, JsonObject content) {
        switch (type) {
            case EventTypes.POWER_LEVELS -> checkPowerLevels(room, content);
            case EventTypes.CANONICAL_ALIAS -> checkCanonicalAlias(content);
            case EventTypes.JOIN_RULES -> checkJoinRule(room.version(), content);
            case EventTypes.TOMBSTONE -> checkTombstone(room, content);
            case EventTypes.THIRD_PARTY_INVITE -> checkThirdPartyInvite(content);
            default -> {
                // any object will do
            }
        }
    }

    /** @throws Refusal if the content has no valid membership */
    static Membership membership(JsonObject content) {
        Optional<Membership> membership = content.string("membership").flatMap(Membership::parse);
        return membership.orElseThrow(() -> badJson("'membership' must be invite, join, knock, leave or ban."));
    }

    private static void checkPowerLevels(Room room, JsonObject content) {
        for (String level : LEVELS) {
            if (content.has(level) && !(content.get(level) instanceof JsonNumber)) {
                throw badJson("The level '" + level + "' must be an integer.");
            }
        }
        for (String map : LEVEL_MAPS) {
            Json value = content.get(map);
            if (value != null && !(value instanceof JsonObject levels && hasIntegersOnly(levels))) {
                throw badJson("'" + map + "' must be an object of integers.");
            }
        }
        JsonObject users = content.object("users").orElse(JsonObject.EMPTY);
        for (String user : users.names()) {
            if (UserId.tryParse(user).isEmpty()) {
                throw badJson("'users' must have user IDs only.");
            }
        }
        if (room.version().creatorsHaveInfinitePower()) {
            for (UserId creator : Creators.all(room.create())) {
                if (users.has(creator.value())) {
                    throw badJson("The power of the creator " + creator + " cannot be set.");
                }
            }
        }
    }

    private static boolean hasIntegersOnly(JsonObject levels) {
        return levels.names().stream().allMatch(name -> levels.get(name) instanceof JsonNumber);
    }

    /** Refuses join rules of later room versions, which would close the room to everybody. */
    private static void checkJoinRule(RoomVersion version, JsonObject content) {
        Optional<JoinRule> rule = content.string("join_rule").flatMap(JoinRule::parse);
        boolean isOfVersion = rule.isEmpty()
                || switch (rule.get()) {
                    case PUBLIC, INVITE, PRIVATE -> true;
                    case KNOCK -> version.knock();
                    case RESTRICTED -> version.restricted();
                    case KNOCK_RESTRICTED -> version.knockRestricted();
                };
        if (!isOfVersion) {
            throw new Refusal(MatrixError.invalidParam("Rooms of version " + version + " have no join rule '"
                    + rule.get().value() + "'."));
        }
    }

    /** Limits the public keys, since this server and others would try only some of them. */
    private static void checkThirdPartyInvite(JsonObject content) {
        if (ThirdPartySignatures.countKeys(content) > ThirdPartySignatures.MOST_KEYS) {
            throw badJson("A third-party invite has at most " + ThirdPartySignatures.MOST_KEYS + " public keys.");
        }
    }

    /** @throws Refusal if a member event has more signatures of a third-party invite than a server would check */
    static void checkMember(JsonObject content) {
        content.object("third_party_invite")
                .flatMap(invite -> invite.object("signed"))
                .filter(signed -> ThirdPartySignatures.countSignatures(signed) > ThirdPartySignatures.MOST_SIGNATURES)
                .ifPresent(_ -> {
                    throw badJson("A third-party invite bears at most " + ThirdPartySignatures.MOST_SIGNATURES
                            + " signatures.");
                });
    }

    /** Refuses a tombstone that names its own room, since clients would follow it in a circle. */
    static void checkTombstone(Room room, JsonObject content) {
        if (content.string("replacement_room").filter(room.id().value()::equals).isPresent()) {
            throw new Refusal(MatrixError.invalidParam("A room cannot be replaced by itself."));
        }
    }

    private static void checkCanonicalAlias(JsonObject content) {
        Json alias = content.get("alias");
        boolean isNone = alias == null
                || alias instanceof JsonNull
                || (alias instanceof JsonString(String text) && text.isEmpty());
        if (!isNone && !isAlias(alias)) {
            throw new Refusal(MatrixError.invalidParam("'alias' must be a room alias."));
        }
        Json others = content.get("alt_aliases");
        if (others != null
                && !(others instanceof JsonArray array && array.stream().allMatch(EventContent::isAlias))) {
            throw new Refusal(MatrixError.invalidParam("'alt_aliases' must be an array of room aliases."));
        }
    }

    private static boolean isAlias(@Nullable Json json) {
        return json instanceof JsonString(String text)
                && RoomAlias.tryParse(text).isPresent();
    }

    static Refusal badJson(String error) {
        return new Refusal(MatrixError.badJson(error));
    }
}
