package io.myelin.clientroomsend.create;

import io.myelin.clientroomsend.send.PowerLevelsFormat;
import io.myelin.contracts.room.StateEntry;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client's request for a new room, every field checked. Client-server API, {@code POST /createRoom}.
 *
 * @param published whether the room directory is to show it ({@code visibility})
 * @param preset one of the specification's; the default if the client names none
 * @param alias the localpart of an alias for the room; null for none
 * @param creationContent as the client wants it, before the server adds its own
 * @param invitees without duplicates, in the client's order
 * @param powerLevels override the preset's; null for none
 * @param direct whether invitations say that this is a chat of two
 */
public record RoomRequest(
        RoomVersion version,
        boolean published,
        String preset,
        @Nullable String alias,
        @Nullable String name,
        @Nullable String topic,
        JsonObject creationContent,
        List<StateEntry> initialState,
        List<UserId> invitees,
        @Nullable JsonObject powerLevels,
        boolean direct) {

    static final String PUBLIC_CHAT = "public_chat";
    static final String TRUSTED_PRIVATE_CHAT = "trusted_private_chat";
    private static final Set<String> PRESETS = Set.of("private_chat", PUBLIC_CHAT, TRUSTED_PRIVATE_CHAT);
    private static final int MAX_INVITEES = 500;

    /**
     * Reads a request.
     *
     * @param defaultVersion for a client that asks for none
     * @param defaultPreset for a client that names none and does not want the room to be listed
     * @throws MatrixException 400, saying which field is wrong
     */
    public static RoomRequest parse(JsonObject body, RoomVersion defaultVersion, String defaultPreset) {
        var fields = RequestFields.of(body);
        boolean published = published(fields);
        JsonObject powerLevels = fields.object("power_level_content_override");
        if (powerLevels != null) {
            PowerLevelsFormat.check(powerLevels);
        }
        String alias = fields.string("room_alias_name");
        return new RoomRequest(
                version(fields, defaultVersion),
                published,
                preset(fields, published ? PUBLIC_CHAT : defaultPreset),
                alias,
                fields.string("name"),
                fields.string("topic"),
                creationContent(fields),
                InitialState.parse(fields),
                users(fields, "invite", MAX_INVITEES),
                powerLevels,
                fields.bool("is_direct", false));
    }

    private static RoomVersion version(RequestFields fields, RoomVersion otherwise) {
        String wanted = fields.string("room_version");
        return wanted == null ? otherwise : version(wanted);
    }

    /** @throws MatrixException 400 {@code M_UNSUPPORTED_ROOM_VERSION} if there is none of this name here */
    public static RoomVersion version(String id) {
        return RoomVersions.find(id)
                .orElseThrow(() -> new MatrixException(
                        400,
                        "M_UNSUPPORTED_ROOM_VERSION",
                        "This server makes rooms of versions "
                                + RoomVersions.supported().stream()
                                        .map(RoomVersion::id)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static boolean published(RequestFields fields) {
        return switch (fields.string("visibility", "private")) {
            case "public" -> true;
            case "private" -> false;
            default -> throw fields.refused("visibility", "must be public or private");
        };
    }

    private static String preset(RequestFields fields, String otherwise) {
        String preset = fields.string("preset", otherwise);
        if (!PRESETS.contains(preset)) {
            throw fields.refused("preset", "must be private_chat, public_chat or trusted_private_chat");
        }
        return preset;
    }

    private static JsonObject creationContent(RequestFields fields) {
        RequestFields creation = fields.fields("creation_content");
        if (creation == null) {
            return JsonObject.EMPTY;
        }
        creation.bool("m.federate", true);
        creation.string("type");
        creation.object("predecessor");
        users(creation, "additional_creators", Integer.MAX_VALUE);
        return creation.json();
    }

    /** The users without duplicates; empty if the field is missing. */
    public static List<UserId> users(RequestFields fields, String name, int most) {
        List<String> values = fields.strings(name);
        if (values == null) {
            return List.of();
        }
        Function<String, UserId> parse = value -> UserId.tryParse(value)
                .orElseThrow(() -> fields.refused(name, "must have user IDs only, such as @alice:example.org"));
        Set<UserId> users = values.stream().map(parse).collect(Collectors.toCollection(LinkedHashSet::new));
        if (users.size() > most) {
            throw fields.refused(name, "must have at most " + most + " users");
        }
        return List.copyOf(users);
    }

    /** The users in the content's {@code additional_creators}, which were checked to be user IDs. */
    List<UserId> additionalCreators() {
        return creationContent
                .array("additional_creators")
                .orElse(JsonArray.EMPTY)
                .strings()
                .map(UserId::new)
                .toList();
    }
}
