package io.myelin.clientsync.web;

import io.myelin.clientsync.read.EventByTime;
import io.myelin.clientsync.space.MutualRooms;
import io.myelin.clientsync.space.RoomOverviews;
import io.myelin.clientsync.space.SpaceHierarchy;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Rooms that a user may not be in yet: summaries, spaces and shared rooms; and events by their time. Paths of before their
 * proposals were accepted (MSC3266, MSC2666, MSC3030) answer too.
 */
@RestController
@RequestMapping("/_matrix/client")
public class FindingController {
    private final RoomOverviews overviews;
    private final SpaceHierarchy hierarchy;
    private final MutualRooms mutualRooms;
    private final EventByTime eventByTime;
    private final LargeAnswers largeAnswers;

    public FindingController(
            RoomOverviews overviews,
            SpaceHierarchy hierarchy,
            MutualRooms mutualRooms,
            EventByTime eventByTime,
            LargeAnswers largeAnswers) {
        this.overviews = overviews;
        this.hierarchy = hierarchy;
        this.mutualRooms = mutualRooms;
        this.eventByTime = eventByTime;
        this.largeAnswers = largeAnswers;
    }

    @GetMapping("/v1/room_summary/{room}")
    public byte[] summary(@Nullable Session session, @PathVariable String room) {
        return overviews.summary(session == null ? null : session.user(), room, false);
    }

    @GetMapping({
        "/unstable/im.nheko.summary/summary/{room}",
        "/unstable/im.nheko.summary/rooms/{room}/summary",
        "/unstable/im.nheko.summary/room_summary/{room}"
    })
    public byte[] unstableSummary(@Nullable Session session, @PathVariable String room) {
        return overviews.summary(session == null ? null : session.user(), room, true);
    }

    @GetMapping("/v1/rooms/{room}/hierarchy")
    public StreamedJson hierarchy(
            Session session,
            @PathVariable RoomId room,
            @RequestParam(name = "suggested_only", defaultValue = "false") boolean suggestedOnly,
            @RequestParam(name = "max_depth", required = false) @Nullable Integer maxDepth,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String from) {
        if (maxDepth != null && maxDepth < 0) {
            throw new MatrixException(MatrixError.invalidParam("'max_depth' must not be negative."));
        }
        if (limit != null && limit < 1) {
            throw new MatrixException(MatrixError.invalidParam("'limit' must be greater than 0."));
        }
        return largeAnswers.of(
                session.user(),
                hierarchy.page(new SpaceHierarchy.Request(session.user(), room, suggestedOnly, maxDepth, limit, from)));
    }

    @GetMapping("/v1/mutual_rooms")
    public byte[] mutualRooms(
            Session session,
            @RequestParam("user_id") String user,
            @RequestParam(required = false) @Nullable String from) {
        return mutualRooms.of(session.user(), user, from, "next_batch");
    }

    @GetMapping("/unstable/uk.half-shot.msc2666/user/mutual_rooms")
    public byte[] unstableMutualRooms(
            Session session,
            @RequestParam("user_id") String user,
            @RequestParam(name = "batch_token", required = false) @Nullable String from) {
        return mutualRooms.of(session.user(), user, from, "next_batch_token");
    }

    @GetMapping({"/v1/rooms/{room}/timestamp_to_event", "/unstable/org.matrix.msc3030/rooms/{room}/timestamp_to_event"})
    public byte[] eventByTime(
            Session session,
            @PathVariable RoomId room,
            @RequestParam("ts") long time,
            @RequestParam(defaultValue = "f") String dir) {
        boolean forward = switch (dir) {
            case "f" -> true;
            case "b" -> false;
            default -> throw new MatrixException(MatrixError.invalidParam("'dir' is 'b' or 'f'."));
        };
        return eventByTime.find(session.user(), room, time, forward);
    }
}
