package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.delayed.ScheduledEvents;
import io.myelin.clientroomsend.notice.NoticeInvitations;
import io.myelin.clientroomsend.send.Events;
import io.myelin.clientroomsend.send.Suspension;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.NoGuests;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Messages, state and redactions. The query parameter {@code ts} is ignored: it is for application services, and there are
 * none yet.
 */
@RestController
@RequestMapping({"/_matrix/client/v3/rooms/{roomId}", "/_matrix/client/r0/rooms/{roomId}"})
public class EventController {
    /** The query parameter that schedules an event (MSC4140), in milliseconds. */
    private static final String DELAY = "org.matrix.msc4140.delay";

    /** For how many milliseconds the event is sticky (MSC4354). */
    static final String STICKY = "org.matrix.msc4354.sticky_duration_ms";

    private final Events events;
    private final ScheduledEvents scheduled;
    private final Suspension suspension;
    private final NoticeInvitations notices;

    public EventController(Events events, ScheduledEvents scheduled, Suspension suspension, NoticeInvitations notices) {
        this.notices = notices;
        this.events = events;
        this.scheduled = scheduled;
        this.suspension = suspension;
    }

    @PutMapping("/send/{eventType}/{txnId}")
    public JsonObject send(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @PathVariable String txnId,
            @RequestParam(name = DELAY, required = false) @Nullable Long delay,
            @RequestParam(name = STICKY, required = false) @Nullable Long sticky,
            JsonObject content) {
        suspension.check(session, roomId, eventType, null, content);
        return delay == null
                ? answer(events.send(session, roomId, eventType, txnId, content, sticky))
                : DelayedEventController.answer(
                        scheduled.schedule(session, roomId, eventType, null, content, delay, sticky, txnId));
    }

    /** As Synapse has it: without a transaction identifier, so that a repetition is another event. */
    @PostMapping("/send/{eventType}")
    public JsonObject send(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @RequestParam(name = DELAY, required = false) @Nullable Long delay,
            @RequestParam(name = STICKY, required = false) @Nullable Long sticky,
            JsonObject content) {
        suspension.check(session, roomId, eventType, null, content);
        return delay == null
                ? answer(events.send(session, roomId, eventType, content, sticky))
                : DelayedEventController.answer(
                        scheduled.schedule(session, roomId, eventType, null, content, delay, sticky, null));
    }

    @PutMapping({"/state/{eventType}", "/state/{eventType}/"})
    public JsonObject setState(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @RequestParam(name = DELAY, required = false) @Nullable Long delay,
            @RequestParam(name = STICKY, required = false) @Nullable Long sticky,
            JsonObject content) {
        return setState(session, roomId, eventType, "", delay, sticky, content);
    }

    @PutMapping("/state/{eventType}/{stateKey}")
    public JsonObject setState(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String eventType,
            @PathVariable String stateKey,
            @RequestParam(name = DELAY, required = false) @Nullable Long delay,
            @RequestParam(name = STICKY, required = false) @Nullable Long sticky,
            JsonObject content) {
        suspension.check(session, roomId, eventType, stateKey, content);
        notices.checkState(session, roomId, eventType, stateKey, content);
        return delay == null
                ? answer(events.setState(session, roomId, eventType, stateKey, content, sticky))
                : DelayedEventController.answer(
                        scheduled.schedule(session, roomId, eventType, stateKey, content, delay, sticky, null));
    }

    @NoGuests
    @PutMapping("/redact/{eventId}/{txnId}")
    public JsonObject redact(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable EventId eventId,
            @PathVariable String txnId,
            @Body(optional = true) JsonObject content) {
        suspension.checkRedaction(session, roomId, eventId);
        return answer(events.redact(session, roomId, eventId, txnId, content));
    }

    private static JsonObject answer(EventId event) {
        return JsonObject.of("event_id", event.value());
    }
}
