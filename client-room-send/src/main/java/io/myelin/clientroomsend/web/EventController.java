package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.send.Events;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.NoGuests;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Messages, state and redactions. The query parameter {@code ts} is ignored: it is for application services, and there are
 * none yet.
 */
@RestController
@RequestMapping({"/_matrix/client/v3/rooms/{roomId}", "/_matrix/client/r0/rooms/{roomId}"})
public class EventController {
    private final Events events;

    public EventController(Events events) {
        this.events = events;
    }

    @PutMapping("/send/{eventType}/{txnId}")
    public JsonObject send(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @PathVariable String txnId,
            JsonObject content) {
        return answer(events.send(session, roomId, eventType, txnId, content));
    }

    @PutMapping({"/state/{eventType}", "/state/{eventType}/"})
    public JsonObject setState(
            Session session, @PathVariable RoomId roomId, @PathVariable String eventType, JsonObject content) {
        return answer(events.setState(session, roomId, eventType, "", content));
    }

    @PutMapping("/state/{eventType}/{stateKey}")
    public JsonObject setState(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @PathVariable String stateKey,
            JsonObject content) {
        return answer(events.setState(session, roomId, eventType, stateKey, content));
    }

    @NoGuests
    @PutMapping("/redact/{eventId}/{txnId}")
    public JsonObject redact(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable EventId eventId,
            @PathVariable String txnId,
            @Body(optional = true) JsonObject content) {
        return answer(events.redact(session, roomId, eventId, txnId, content));
    }

    private static JsonObject answer(EventId event) {
        return JsonObject.of("event_id", event.value());
    }
}
