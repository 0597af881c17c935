package io.myelin.clientroomsend.purge;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import org.jspecify.annotations.Nullable;

/**
 * The options of Synapse's "Delete Room" call.
 *
 * @param newRoomUser who creates a room that the users are moved to; null if they are only made to leave
 * @param roomName the name of that room
 * @param message what is said in that room
 * @param block whether nobody may join the room any more
 * @param purge whether the room is deleted
 */
public record ShutdownRequest(
        @Nullable UserId newRoomUser, String roomName, String message, boolean block, boolean purge) {
    private static final String NAME = "Content Violation Notification";
    private static final String MESSAGE = "Sharing illegal content on this server is not permitted and rooms in"
            + " violation will be blocked.";

    /**
     * {@code force_purge} is accepted and has no effect: here a local user can always be made to leave.
     *
     * @throws MatrixException 400, saying which field is wrong
     */
    public static ShutdownRequest parse(JsonObject body, ServerName ours) {
        RequestFields fields = RequestFields.of(body);
        fields.bool("force_purge", false);
        return new ShutdownRequest(
                newRoomUser(fields, ours),
                text(fields, "room_name", NAME),
                text(fields, "message", MESSAGE),
                fields.bool("block", false),
                fields.bool("purge", true));
    }

    private static String text(RequestFields fields, String name, String otherwise) {
        String text = fields.string(name, otherwise);
        return text.isEmpty() ? otherwise : text;
    }

    private static @Nullable UserId newRoomUser(RequestFields fields, ServerName ours) {
        String user = fields.string("new_room_user_id");
        return user == null
                ? null
                : UserId.tryParse(user)
                        .filter(id -> id.isOn(ours))
                        .orElseThrow(() -> fields.refused("new_room_user_id", "must be a user ID of this server"));
    }
}
