package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.delayed.ScheduledEvents.Action;
import io.myelin.clientroomsend.delayed.ScheduledEvents;
import io.myelin.clientroomsend.send.Suspension;
import io.myelin.contracts.account.DelayedEvents.DelayedEvent;
import io.myelin.contracts.account.DelayedEvents.Status;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Delayed events (MSC4140) at their unstable paths: the newest text's, and those that matrix-js-sdk uses. Scheduling by a
 * query parameter of {@code send} and {@code state} is in {@link EventController}.
 */
@RestController
@RequestMapping("/_matrix/client/unstable/org.matrix.msc4140")
public class DelayedEventController {
    private final ScheduledEvents events;
    private final Suspension suspension;

    public DelayedEventController(ScheduledEvents events, Suspension suspension) {
        this.events = events;
        this.suspension = suspension;
    }

    @PutMapping("/rooms/{roomId}/delayed_event/{eventType}/{txnId}")
    public JsonObject schedule(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @PathVariable String txnId,
            @RequestParam(name = EventController.STICKY, required = false) @Nullable Long sticky,
            JsonObject body) {
        var fields = RequestFields.of(body);
        Long delay = fields.integer("delay_ms");
        if (delay == null) {
            throw fields.missing("delay_ms");
        }
        JsonObject content = fields.object("content");
        if (content == null) {
            throw fields.missing("content");
        }
        String stateKey = fields.string("state_key");
        suspension.check(session, roomId, eventType, stateKey, content);
        return answer(events.schedule(session, roomId, eventType, stateKey, content, delay, sticky, txnId));
    }

    static JsonObject answer(String delayId) {
        return JsonObject.of("delay_id", delayId);
    }

    @PostMapping("/delayed_events/{delayId}")
    public JsonResponse act(
            @Nullable Session session, ClientAddress client, @PathVariable String delayId, JsonObject body) {
        var fields = RequestFields.of(body);
        Action action = switch (fields.requiredString("action")) {
            case "restart" -> Action.RESTART;
            case "cancel" -> Action.CANCEL;
            case "send" -> Action.SEND;
            default -> throw fields.refused("action", "must be restart, cancel or send");
        };
        events.act(session, client, delayId, action);
        return JsonResponse.DONE;
    }

    @PostMapping("/delayed_events/{delayId}/restart")
    public JsonResponse restart(
            @Nullable Session session,
            ClientAddress client,
            @PathVariable String delayId,
            @Body(optional = true) JsonObject body) {
        events.act(session, client, delayId, Action.RESTART);
        return JsonResponse.DONE;
    }

    @PostMapping("/delayed_events/{delayId}/cancel")
    public JsonResponse cancel(
            @Nullable Session session,
            ClientAddress client,
            @PathVariable String delayId,
            @Body(optional = true) JsonObject body) {
        events.act(session, client, delayId, Action.CANCEL);
        return JsonResponse.DONE;
    }

    @PostMapping("/delayed_events/{delayId}/send")
    public JsonResponse send(
            @Nullable Session session,
            ClientAddress client,
            @PathVariable String delayId,
            @Body(optional = true) JsonObject body) {
        events.act(session, client, delayId, Action.SEND);
        return JsonResponse.DONE;
    }

    @GetMapping("/delayed_events/{delayId}")
    public JsonObject find(Session session, @PathVariable String delayId) {
        return told(events.find(session, delayId));
    }

    /** The scheduled events, and beside them those that have been sent, were cancelled or could not be sent of late. */
    @GetMapping("/delayed_events")
    public JsonObject list(Session session) {
        List<Status> all = events.list(session);
        return JsonObject.builder()
                .put("delayed_events", told(all, true))
                .put("finalised", told(all, false))
                .build();
    }

    private static JsonArray told(List<Status> all, boolean scheduled) {
        return new JsonArray(all.stream()
                .filter(status -> (status.finalisedAt() == null) == scheduled)
                .<Json>map(DelayedEventController::told)
                .toList());
    }

    /** With the names of the newest text, and of the one before it: {@code delay}, {@code running_since}. */
    private static JsonObject told(Status status) {
        DelayedEvent event = status.event();
        JsonObjectBuilder told = JsonObject.builder()
                .put("delay_id", event.id())
                .put("room_id", event.room().value())
                .put("type", event.type());
        if (event.stateKey() != null) {
            told.put("state_key", event.stateKey());
        }
        told.put("delay_ms", event.delayMillis())
                .put("delay", event.delayMillis())
                .put("scheduled_at", event.scheduledAt())
                .put("running_since", event.scheduledAt());
        if (event.content().length > 0) {
            told.put("content", JsonParser.parseObject(event.content(), JsonRules.STRICT));
        }
        if (status.finalisedAt() != null) {
            told.put("finalised_ts", status.finalisedAt());
        }
        if (status.sent() != null) {
            told.put("event_id", status.sent().value());
        }
        if (status.error() != null) {
            told.put(
                    "error",
                    JsonObject.builder()
                            .put("errcode", status.error().errcode())
                            .put("error", status.error().error())
                            .build());
        }
        return told.build();
    }
}
