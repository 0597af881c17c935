package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.report.ContentReports;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Reports of events, rooms and users. */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class ReportController {
    private static final int LOWEST_SCORE = -100;

    private final ContentReports reports;

    public ReportController(ContentReports reports) {
        this.reports = reports;
    }

    /** The {@code score} was removed in v1.18 and is still accepted. */
    @NoGuests
    @PostMapping("/rooms/{roomId}/report/{eventId}")
    public JsonResponse event(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable EventId eventId,
            @Body(optional = true) JsonObject body) {
        var fields = RequestFields.of(body);
        Long score = fields.integer("score");
        if (score != null && (score < LOWEST_SCORE || score > 0)) {
            throw fields.refused("score", "must be from -100 to 0");
        }
        reports.event(session, roomId, eventId, fields.string("reason"), score == null ? null : Math.toIntExact(score));
        return JsonResponse.DONE;
    }

    @NoGuests
    @PostMapping("/rooms/{roomId}/report")
    public JsonResponse room(Session session, @PathVariable RoomId roomId, JsonObject body) {
        reports.room(session, roomId, RequestFields.of(body).requiredString("reason"));
        return JsonResponse.DONE;
    }

    @NoGuests
    @PostMapping("/users/{userId}/report")
    public JsonResponse user(Session session, @PathVariable UserId userId, JsonObject body) {
        reports.user(session, userId, RequestFields.of(body).requiredString("reason"));
        return JsonResponse.DONE;
    }
}
