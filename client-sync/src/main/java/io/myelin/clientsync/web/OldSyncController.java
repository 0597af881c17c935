package io.myelin.clientsync.web;

import io.myelin.clientsync.filter.SyncFilter;
import io.myelin.clientsync.park.LongPolls;
import io.myelin.clientsync.park.Reply;
import io.myelin.clientsync.read.EventReads;
import io.myelin.clientsync.read.Peeks;
import io.myelin.clientsync.sync.AnswerStyle;
import io.myelin.clientsync.sync.SyncRequest;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * What clients used before {@code /sync}, and what users use that peek into rooms. Client-server API, {@code /initialSync},
 * {@code /rooms/{id}/initialSync}, {@code /events} and {@code /events/{event}}.
 */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class OldSyncController {
    private static final long NEVER = -1;
    private static final int MOST_MESSAGES = 100;

    private final LongPolls polls;
    private final Peeks peeks;
    private final EventReads events;
    private final int shards;
    private final long longestMillis;
    private final LargeAnswers largeAnswers;
    private final ExecutorService executor;

    public OldSyncController(
            LongPolls polls,
            Peeks peeks,
            EventReads events,
            int shards,
            Duration longest,
            LargeAnswers largeAnswers,
            ExecutorService executor) {
        this.polls = polls;
        this.peeks = peeks;
        this.events = events;
        this.shards = shards;
        this.longestMillis = longest.toMillis();
        this.largeAnswers = largeAnswers;
        this.executor = executor;
    }

    @GetMapping("/initialSync")
    public StreamedJson initialSync(
            Session session,
            @RequestParam(defaultValue = "10") int limit,
            @RequestParam(defaultValue = "false") boolean archived) {
        JsonObject rooms = JsonObject.of("timeline", timeline(limit)).with("include_leave", archived);
        return now(first(session, SyncFilter.parse(JsonObject.of("room", rooms)), AnswerStyle.INITIAL_SYNC));
    }

    @GetMapping("/rooms/{room}/initialSync")
    public StreamedJson roomInitialSync(
            Session session, @PathVariable RoomId room, @RequestParam(defaultValue = "10") int limit) {
        JsonObject timeline = timeline(limit);
        if (!peeks.isMember(session, room)) {
            return largeAnswers.of(session.user(), peeks.initialSync(session, room, limit));
        }
        JsonObject rooms = JsonObject.of("timeline", timeline)
                .with("include_leave", true)
                .with("rooms", JsonArray.ofStrings(List.of(room.value())));
        return now(first(session, SyncFilter.parse(JsonObject.of("room", rooms)), AnswerStyle.ROOM_INITIAL_SYNC));
    }

    private static void requireNotNegative(int limit) {
        if (limit < 0) {
            throw new MatrixException(MatrixError.invalidParam("'limit' must not be negative."));
        }
    }

    private static JsonObject timeline(int limit) {
        requireNotNegative(limit);
        return limit == 0
                ? JsonObject.of("types", JsonArray.EMPTY)
                : JsonObject.EMPTY.with("limit", (long) Math.min(limit, MOST_MESSAGES));
    }

    private static SyncRequest first(Session session, SyncFilter filter, AnswerStyle style) {
        return new SyncRequest(session, null, null, filter, false, true, PresenceState.OFFLINE, 0, style);
    }

    private StreamedJson now(SyncRequest request) {
        Optional<StreamedJson> answer = polls.answer(request, _ -> {
            throw new IllegalStateException("A first answer is never parked.");
        });
        return largeAnswers.of(request.user(), answer.orElseThrow());
    }

    @GetMapping("/events")
    public Object events(
            Session session,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(defaultValue = "10000") long timeout,
            @RequestParam(defaultValue = "" + MOST_MESSAGES) int limit,
            @RequestParam(name = "room_id", required = false) @Nullable RoomId room) {
        long millis = Math.clamp(timeout, 0, longestMillis);
        requireNotNegative(limit);
        if (room == null && session.guest()) {
            throw new MatrixException(new MatrixError(400, "M_MISSING_PARAM", "Guests have to say a 'room_id'."));
        }
        DeferredResult<StreamedJson> later = new DeferredResult<>(NEVER);
        if (room != null && (!peeks.isMember(session, room) || RoomPosition.is(from))) {
            executor.execute(() -> peek(later, session, room, from, millis));
            return later;
        }
        // A token from a peek says nothing of the user's other rooms.
        SyncToken since =
                from == null || from.isEmpty() || RoomPosition.is(from) ? now(session) : SyncToken.parse(from, shards);
        // However few somebody asks for: what an answer left out would be told by none.
        JsonObject filter = JsonObject.EMPTY.with("room", JsonObject.of("timeline", timeline(MOST_MESSAGES)));
        if (room != null) {
            filter = filter.with(
                    "room",
                    filter.object("room").orElseThrow().with("rooms", JsonArray.ofStrings(List.of(room.value()))));
        }
        SyncRequest request = new SyncRequest(
                session,
                since,
                since.encode(),
                SyncFilter.parse(filter),
                false,
                false,
                PresenceState.ONLINE,
                millis,
                AnswerStyle.EVENTS);
        Optional<StreamedJson> now = polls.answer(request, gone -> park(later, session, gone));
        return now.isPresent() ? largeAnswers.of(session.user(), now.get()) : later;
    }

    /** The token of now, without reading any room. */
    private SyncToken now(Session session) {
        JsonObject nothing = JsonObject.of("types", JsonArray.EMPTY);
        SyncFilter filter = SyncFilter.parse(JsonObject.of("room", JsonObject.of("rooms", JsonArray.EMPTY))
                .with("presence", nothing)
                .with("account_data", nothing));
        return polls.now(first(session, filter, AnswerStyle.EVENTS));
    }

    private void peek(
            DeferredResult<StreamedJson> result, Session session, RoomId room, @Nullable String from, long millis) {
        try {
            result.setResult(largeAnswers.of(session.user(), peeks.events(session, room, from, millis)));
        } catch (RuntimeException e) {
            result.setErrorResult(e);
        }
    }

    private Reply park(DeferredResult<StreamedJson> result, Session session, Runnable gone) {
        result.onError(_ -> gone.run());
        return new Reply() {
            @Override
            public void answer(StreamedJson content) {
                result.setResult(largeAnswers.of(session.user(), content));
            }

            @Override
            public void fail(RuntimeException reason) {
                result.setErrorResult(reason);
            }
        };
    }

    @GetMapping("/events/{event}")
    public byte[] event(Session session, @PathVariable EventId event) {
        return events.event(session, event);
    }
}
