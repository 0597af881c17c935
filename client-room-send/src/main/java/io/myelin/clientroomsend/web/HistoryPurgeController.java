package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.purge.Administrators;
import io.myelin.clientroomsend.purge.HistoryPurges;
import io.myelin.clientroomsend.purge.PurgeId;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Purges histories of rooms through Synapse's admin API ("Purge History"), which administrators' tools use. */
@RestController
@RequestMapping("/_synapse/admin/v1")
public class HistoryPurgeController {
    private final HistoryPurges purges;

    public HistoryPurgeController(HistoryPurges purges) {
        this.purges = purges;
    }

    @PostMapping("/purge_history/{roomId}/{eventId}")
    public JsonObject before(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable EventId eventId,
            @Body(optional = true) JsonObject body) {
        Administrators.require(session);
        return told(purges.before(session, roomId, eventId, deletesLocal(RequestFields.of(body))));
    }

    /** The event, or else the time, stands in the body. */
    @PostMapping("/purge_history/{roomId}")
    public JsonObject purge(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        Administrators.require(session);
        RequestFields fields = RequestFields.of(body);
        boolean deletesLocal = deletesLocal(fields);
        String event = fields.string("purge_up_to_event_id");
        if (event != null) {
            EventId first = EventId.tryParse(event)
                    .orElseThrow(() -> fields.refused("purge_up_to_event_id", "must be an event ID"));
            return told(purges.before(session, roomId, first, deletesLocal));
        }
        @Nullable Long time = fields.integer("purge_up_to_ts");
        if (time == null) {
            throw new MatrixException(
                    MatrixError.badJson("The body must have 'purge_up_to_event_id' or 'purge_up_to_ts'."));
        }
        return told(purges.until(session, roomId, time, deletesLocal));
    }

    private static boolean deletesLocal(RequestFields fields) {
        return fields.bool("delete_local_events", false);
    }

    private static JsonObject told(PurgeId purge) {
        return JsonObject.of("purge_id", purge.text());
    }

    @GetMapping("/purge_history_status/{purgeId}")
    public JsonObject status(Session session, @PathVariable String purgeId) {
        return JsonObject.of("status", purges.isComplete(session, purgeId) ? "complete" : "active");
    }
}
