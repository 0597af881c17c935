package io.myelin.clientsync.web;

import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.read.AdminReads;
import io.myelin.clientsync.read.EventByTime;
import io.myelin.clientsync.read.EventReads;
import io.myelin.clientsync.read.Messages;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads of any room for administrators, through Synapse's admin API ("Room Members", "Room State", "Room Messages" …). */
@RestController
@RequestMapping("/_synapse/admin/v1/rooms/{room}")
public class AdminReadController {
    private final AdminReads reads;
    private final Messages messages;
    private final EventReads events;
    private final EventByTime eventByTime;
    private final LargeAnswers largeAnswers;

    /** All of these read every room. */
    public AdminReadController(
            AdminReads reads,
            Messages messages,
            EventReads events,
            EventByTime eventByTime,
            LargeAnswers largeAnswers) {
        this.reads = reads;
        this.messages = messages;
        this.events = events;
        this.eventByTime = eventByTime;
        this.largeAnswers = largeAnswers;
    }

    private static void requireAdmin(Session session) {
        if (!session.admin()) {
            throw new MatrixException(MatrixError.forbidden("This is for administrators."));
        }
    }

    @GetMapping("/members")
    public StreamedJson members(Session session, @PathVariable RoomId room) {
        requireAdmin(session);
        return largeAnswers.of(session.user(), reads.members(session, room));
    }

    @GetMapping("/state")
    public StreamedJson state(
            Session session, @PathVariable RoomId room, @RequestParam(required = false) @Nullable String type) {
        requireAdmin(session);
        return largeAnswers.of(session.user(), reads.state(session, room, type));
    }

    @GetMapping("/messages")
    public StreamedJson messages(
            Session session,
            @PathVariable RoomId room,
            @RequestParam(defaultValue = "f") String dir,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "10") int limit,
            @RequestParam(required = false) @Nullable String filter) {
        requireAdmin(session);
        return largeAnswers.of(
                session.user(),
                messages.read(new Messages.Request(
                        session, room, from, to, !isForward(dir), atLeast(limit, 1), Filters.ofRoomEvents(filter))));
    }

    @GetMapping("/context/{event}")
    public StreamedJson context(
            Session session,
            @PathVariable RoomId room,
            @PathVariable EventId event,
            @RequestParam(defaultValue = "10") int limit,
            @RequestParam(required = false) @Nullable String filter) {
        requireAdmin(session);
        return largeAnswers.of(
                session.user(), events.context(session, room, event, atLeast(limit, 0), Filters.ofRoomEvents(filter)));
    }

    @GetMapping("/timestamp_to_event")
    public byte[] eventByTime(
            Session session,
            @PathVariable RoomId room,
            @RequestParam("ts") long time,
            @RequestParam(defaultValue = "f") String dir) {
        requireAdmin(session);
        return eventByTime.find(session.user(), room, time, isForward(dir));
    }

    private static boolean isForward(String dir) {
        return switch (dir) {
            case "f" -> true;
            case "b" -> false;
            default -> throw new MatrixException(MatrixError.invalidParam("'dir' is 'b' or 'f'."));
        };
    }

    private static int atLeast(int limit, int least) {
        if (limit < least) {
            throw new MatrixException(MatrixError.invalidParam("'limit' is too small."));
        }
        return limit;
    }
}
