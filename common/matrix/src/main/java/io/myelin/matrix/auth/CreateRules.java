package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.RuleNumber.rejected;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.RoomVersions;
import org.jspecify.annotations.Nullable;

/** Rule 1: the first event of a room. */
final class CreateRules {
    private CreateRules() {}

    static AuthResult check(Pdu event) {
        if (!event.prevEvents().isEmpty()) {
            return rejected(event, "1.1", "Nothing comes before a create event.");
        }
        if (event.version().roomIdIsCreateEventHash()) {
            if (event.json().has("room_id")) {
                return rejected(event, "1.2", "A create event of this room version has no room ID.");
            }
        } else if (!event.roomId()
                .serverName()
                .filter(event.sender().serverName()::equals)
                .isPresent()) {
            return rejected(event, "1.2", "The room ID must be of its creator's server.");
        }
        Json version = event.content().get("room_version");
        if (version != null && !isKnownVersion(version)) {
            return rejected(event, "1.3", "This room version is not known.");
        }
        if (event.version().creatorInContent() && !event.content().has("creator")) {
            return rejected(event, "1.3a", "The content must name the creator.");
        }
        if (event.version().creatorsHaveInfinitePower()
                && !areUserIds(event.content().get(Creators.ADDITIONAL_CREATORS))) {
            return rejected(event, "1.4", "The additional creators must be an array of user IDs.");
        }
        return AuthResult.allowed(); // 1.5
    }

    private static boolean isKnownVersion(Json version) {
        return version instanceof JsonString(String id) && RoomVersions.find(id).isPresent();
    }

    private static boolean areUserIds(@Nullable Json creators) {
        return creators == null
                || (creators instanceof JsonArray array
                        && array.stream()
                                .allMatch(creator -> creator instanceof JsonString(String id)
                                        && UserId.tryParse(id).isPresent()));
    }
}
