package io.myelin.clientsync.web;

import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.read.EventReads;
import io.myelin.clientsync.read.JoinedRooms;
import io.myelin.clientsync.read.Messages;
import io.myelin.clientsync.read.StateReads;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads of rooms. Client-server API, "Getting events for a room". */
@RestController
public class RoomReadController {
    private static final String V3 = "/_matrix/client/v3";
    private static final String R0 = "/_matrix/client/r0";
    private static final String ROOM = "/rooms/{room}";
    private static final Set<String> DIRECTIONS = Set.of("b", "f");

    private final JoinedRooms joinedRooms;
    private final StateReads states;
    private final Messages messages;
    private final EventReads events;
    private final LargeAnswers largeAnswers;

    public RoomReadController(
            JoinedRooms joinedRooms,
            StateReads states,
            Messages messages,
            EventReads events,
            LargeAnswers largeAnswers) {
        this.largeAnswers = largeAnswers;
        this.joinedRooms = joinedRooms;
        this.states = states;
        this.messages = messages;
        this.events = events;
    }

    @GetMapping({V3 + "/joined_rooms", R0 + "/joined_rooms"})
    public byte[] joinedRooms(Session session) {
        JsonWriter out = new JsonWriter();
        out.beginObject().name("joined_rooms").beginArray();
        joinedRooms.of(session.user()).forEach(room -> out.value(room.value()));
        out.endArray().endObject();
        return out.toBytes();
    }

    @GetMapping({V3 + ROOM + "/state", R0 + ROOM + "/state"})
    public StreamedJson state(Session session, @PathVariable RoomId room) {
        return largeAnswers.of(session.user(), states.all(session, room));
    }

    @GetMapping({
        V3 + ROOM + "/state/{type}",
        V3 + ROOM + "/state/{type}/",
        R0 + ROOM + "/state/{type}",
        R0 + ROOM + "/state/{type}/"
    })
    public byte[] stateWithoutKey(
            Session session,
            @PathVariable RoomId room,
            @PathVariable String type,
            @RequestParam(defaultValue = "content") String format) {
        return states.one(session, room, type, "", isEvent(format));
    }

    @GetMapping({V3 + ROOM + "/state/{type}/{key}", R0 + ROOM + "/state/{type}/{key}"})
    public byte[] stateWithKey(
            Session session,
            @PathVariable RoomId room,
            @PathVariable String type,
            @PathVariable String key,
            @RequestParam(defaultValue = "content") String format) {
        return states.one(session, room, type, key, isEvent(format));
    }

    private static boolean isEvent(String format) {
        return switch (format) {
            case "event" -> true;
            case "content" -> false;
            default -> throw new MatrixException(MatrixError.invalidParam("'format' is 'content' or 'event'."));
        };
    }

    @GetMapping({V3 + ROOM + "/members", R0 + ROOM + "/members"})
    public StreamedJson members(
            Session session,
            @PathVariable RoomId room,
            @RequestParam(required = false) @Nullable String at,
            @RequestParam(required = false) @Nullable String membership,
            @RequestParam(name = "not_membership", required = false) @Nullable String notMembership) {
        return largeAnswers.of(session.user(), states.members(session, room, at, membership, notMembership));
    }

    @GetMapping({V3 + ROOM + "/joined_members", R0 + ROOM + "/joined_members"})
    public StreamedJson joinedMembers(Session session, @PathVariable RoomId room) {
        return largeAnswers.of(session.user(), states.joinedMembers(session, room));
    }

    @GetMapping({V3 + ROOM + "/messages", R0 + ROOM + "/messages"})
    public StreamedJson messages(
            Session session,
            @PathVariable RoomId room,
            @RequestParam(required = false) @Nullable String dir,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "10") int limit,
            @RequestParam(required = false) @Nullable String filter) {
        if (dir == null || !DIRECTIONS.contains(dir)) {
            messages.requireReadable(session, room); // A user who may not read the room is told that first.
            throw dir == null
                    ? new MatrixException(400, "M_MISSING_PARAM", "'dir' is missing.")
                    : new MatrixException(MatrixError.invalidParam("'dir' is 'b' or 'f'."));
        }
        return largeAnswers.of(
                session.user(),
                messages.read(new Messages.Request(
                        session, room, from, to, dir.equals("b"), atLeast(limit, 1), Filters.ofRoomEvents(filter))));
    }

    @GetMapping({V3 + ROOM + "/event/{event}", R0 + ROOM + "/event/{event}"})
    public byte[] event(Session session, @PathVariable RoomId room, @PathVariable EventId event) {
        return events.event(session, room, event);
    }

    @GetMapping({V3 + ROOM + "/context/{event}", R0 + ROOM + "/context/{event}"})
    public StreamedJson context(
            Session session,
            @PathVariable RoomId room,
            @PathVariable EventId event,
            @RequestParam(defaultValue = "10") int limit,
            @RequestParam(required = false) @Nullable String filter) {
        return largeAnswers.of(
                session.user(), events.context(session, room, event, atLeast(limit, 0), Filters.ofRoomEvents(filter)));
    }

    private static int atLeast(int limit, int least) {
        if (limit < least) {
            throw new MatrixException(MatrixError.invalidParam("'limit' is too small."));
        }
        return limit;
    }
}
