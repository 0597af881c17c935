package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.signal.Presence;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's presence. */
@RestController
public class PresenceController {
    private static final String PATH = "/presence/{userId}/status";

    /** Everybody who shares a room gets the message with every change, so it has to be short. */
    private static final int MAX_STATUS_MESSAGE = 1024;

    private final Presence presence;

    public PresenceController(Presence presence) {
        this.presence = presence;
    }

    @NoGuests
    @PutMapping({"/_matrix/client/v3" + PATH, "/_matrix/client/r0" + PATH})
    public JsonResponse set(Session session, @PathVariable UserId userId, @Body(decimals = true) JsonObject body) {
        if (!session.user().equals(userId)) {
            throw new MatrixException(MatrixError.forbidden("Only " + userId + " can say so."));
        }
        RequestFields fields = RequestFields.of(body);
        PresenceState state = PresenceState.parse(fields.requiredString("presence"))
                .orElseThrow(() -> fields.refused("presence", "must be 'online', 'unavailable' or 'offline'"));
        String message = fields.string("status_msg");
        if (message != null && message.length() > MAX_STATUS_MESSAGE) {
            throw fields.refused("status_msg", "has at most " + MAX_STATUS_MESSAGE + " characters");
        }
        presence.set(session, state, message);
        return JsonResponse.DONE;
    }
}
