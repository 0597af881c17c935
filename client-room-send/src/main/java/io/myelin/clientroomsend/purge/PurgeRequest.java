package io.myelin.clientroomsend.purge;

import io.myelin.matrix.json.JsonObject;
import io.myelin.web.RequestFields;

/** What Synapse's admin API lets be asked of a purge, as far as this server does it. */
public final class PurgeRequest {
    private PurgeRequest() {}

    /**
     * {@code force_purge} is understood, and changes nothing: nobody can refuse to be made to leave here.
     *
     * @throws io.myelin.web.MatrixException 400 if it asks for what this server does not do
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
