package io.myelin.clientroomsend.create;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.LinkedHashSet;
import java.util.Set;

/** The content of a room's create event: the client's fields, overwritten by those that the server sets. */
final class CreationContent {
    /** A random field that makes the create event unique, and so the room ID that is its hash. */
    private static final String NONCE = "io.myelin.nonce";

    private CreationContent() {}

    /** @param nonce used where the room ID is the event's hash */
    static JsonObject complete(RoomRequest request, UserId creator, String nonce) {
        RoomVersion version = request.version();
        JsonObject content =
                request.creationContent().without("creator").without(NONCE).with("room_version", version.id());
        if (version.creatorInContent()) {
            content = content.with("creator", creator.value());
        }
        if (version.creatorsHaveInfinitePower()) {
            content = withAdditionalCreators(content, request, creator);
        }
        return version.roomIdIsCreateEventHash() ? content.with(NONCE, nonce) : content;
    }

    private static JsonObject withAdditionalCreators(JsonObject content, RoomRequest request, UserId creator) {
        if (!request.preset().equals(RoomRequest.TRUSTED_PRIVATE_CHAT)) {
            return content;
        }
        Set<UserId> creators = new LinkedHashSet<>(request.additionalCreators());
        creators.addAll(request.invitees());
        creators.remove(creator);
        return creators.isEmpty()
                ? content
                : content.with(
                        "additional_creators",
                        JsonArray.ofStrings(creators.stream().map(UserId::value).toList()));
    }
}
