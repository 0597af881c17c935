package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.report.ContentReports;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Reports.Kept;
import io.myelin.contracts.account.Reports.Page;
import io.myelin.contracts.account.Reports.Report;
import io.myelin.contracts.account.Reports.Wanted;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reported events, through Synapse's admin API ("Show reported events"), which administrators' tools use. */
@RestController
@RequestMapping("/_synapse/admin/v1/event_reports")
public class EventReportsController {
    private static final int MOST = 1_000;

    private final ContentReports reports;
    private final RoomStates rooms;

    public EventReportsController(ContentReports reports, RoomStates rooms) {
        this.reports = reports;
        this.rooms = rooms;
    }

    @GetMapping
    public JsonObject list(
            Session session,
            @RequestParam(defaultValue = "0") long from,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(defaultValue = "b") String dir,
            @RequestParam(name = "user_id", required = false) @Nullable String reporter,
            @RequestParam(name = "room_id", required = false) @Nullable String room,
            @RequestParam(name = "event_sender_user_id", required = false) @Nullable String reported) {
        if (from < 0 || limit < 0) {
            throw new MatrixException(MatrixError.invalidParam("'from' and 'limit' must not be negative."));
        }
        if (!dir.equals("b") && !dir.equals("f")) {
            throw new MatrixException(MatrixError.invalidParam("'dir' must be b or f."));
        }
        int most = Math.min(limit, MOST);
        Page page = reports.ofEvents(session, new Wanted(from, most, dir.equals("b"), reporter, room, reported));
        Map<RoomId, Optional<RoomState>> known = new HashMap<>();
        List<JsonObject> told = page.reports().stream()
                .map(report -> told(report, known).build())
                .toList();
        JsonObjectBuilder answer = JsonObject.builder()
                .put("event_reports", new JsonArray(List.copyOf(told)))
                .put("total", page.total());
        if (from + told.size() < page.total()) {
            answer.put("next_token", from + told.size());
        }
        return answer.build();
    }

    @GetMapping("/{reportId}")
    public JsonObject find(Session session, @PathVariable long reportId) {
        Kept report = reports.find(session, reportId);
        byte[] body = Objects.requireNonNull(report.report().body());
        return told(report, new HashMap<>())
                .put("event_json", JsonParser.parseObject(body, JsonRules.LENIENT_EVENTS))
                .build();
    }

    @DeleteMapping("/{reportId}")
    public JsonResponse delete(Session session, @PathVariable long reportId) {
        reports.delete(session, reportId);
        return JsonResponse.DONE;
    }

    private JsonObjectBuilder told(Kept kept, Map<RoomId, Optional<RoomState>> known) {
        Report report = kept.report();
        RoomId room = Objects.requireNonNull(report.room());
        Optional<RoomState> state = known.computeIfAbsent(
                room,
                id -> rooms.current(
                        id, new StateKey(EventTypes.NAME, ""), new StateKey(EventTypes.CANONICAL_ALIAS, "")));
        return JsonObject.builder()
                .put("id", kept.number())
                .put("received_ts", kept.receivedAt())
                .put("room_id", room.value())
                .put("name", text(state.flatMap(now -> now.text(EventTypes.NAME, "name"))))
                .put("canonical_alias", text(state.flatMap(now -> now.text(EventTypes.CANONICAL_ALIAS, "alias"))))
                .put("event_id", Objects.requireNonNull(report.event()).value())
                .put("user_id", kept.reporter().value())
                .put("sender", Objects.requireNonNull(report.reported()).value())
                .put("reason", text(Optional.ofNullable(report.reason())))
                .put("score", report.score() == null ? JsonNull.NULL : new JsonNumber(report.score()));
    }

    private static Json text(Optional<String> text) {
        return text.<Json>map(JsonString::new).orElse(JsonNull.NULL);
    }
}
