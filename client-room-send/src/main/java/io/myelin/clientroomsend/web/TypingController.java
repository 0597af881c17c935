package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.signal.Typing;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import io.myelin.web.RequestFields;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** Typing notifications. */
@RestController
public class TypingController {
    private static final String PATH = "/rooms/{roomId}/typing/{userId}";
    private static final long USUAL_MILLIS = 30_000;

    private final Typing typing;

    public TypingController(Typing typing) {
        this.typing = typing;
    }

    @NoGuests
    @NoSuspended
    @PutMapping({"/_matrix/client/v3" + PATH, "/_matrix/client/r0" + PATH})
    public JsonResponse set(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable UserId userId,
            @Body(decimals = true) JsonObject body) {
        if (!session.user().equals(userId)) {
            throw new MatrixException(MatrixError.forbidden("Only " + userId + " can say so."));
        }
        RequestFields fields = RequestFields.of(body);
        if (!fields.has("typing")) {
            throw fields.missing("typing");
        }
        boolean types = fields.bool("typing", false);
        long timeout = fields.integer("timeout", USUAL_MILLIS);
        if (timeout < 0) {
            throw fields.refused("timeout", "must not be negative");
        }
        typing.set(session, roomId, types ? timeout : 0);
        return JsonResponse.DONE;
    }
}
