package io.myelin.clientroomsend.purge;

import io.myelin.matrix.json.JsonObject;
import io.myelin.web.RequestFields;

/** The options of Synapse's "Delete Room" call, as far as this server supports them. */
public final class PurgeRequest {
    private PurgeRequest() {}

    /**
     * {@code force_purge} is accepted and has no effect: here a local user can always be made to leave.
     *
     * @throws io.myelin.web.MatrixException 400 if the request asks for an option that this server does not support
     */
    public static void check(JsonObject body) {
        RequestFields fields = RequestFields.of(body);
        fields.bool("force_purge", false);
        if (!fields.bool("purge", true)) {
            throw fields.refused("purge", "must be true: this server does not empty rooms without purging them");
        }
        if (fields.bool("block", false)) {
            throw fields.refused("block", "must be false: this server does not block rooms");
        }
        if (fields.has("new_room_user_id")) {
            throw fields.refused("new_room_user_id", "must be absent: this server does not move members elsewhere");
        }
    }
}
