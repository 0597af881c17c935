package io.myelin.clientsync.web;

import io.myelin.clientsync.read.RelationReads;
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

/** What relates to an event, and the threads of a room. Client-server API, "Relationships API". */
@RestController
@RequestMapping({
    "/_matrix/client/v1/rooms/{room}",
    "/_matrix/client/v3/rooms/{room}",
    "/_matrix/client/unstable/rooms/{room}"
})
public class RelationController {
    private final RelationReads relations;
    private final LargeAnswers largeAnswers;

    public RelationController(RelationReads relations, LargeAnswers largeAnswers) {
        this.relations = relations;
        this.largeAnswers = largeAnswers;
    }

    @GetMapping({"/relations/{event}", "/relations/{event}/{relType}", "/relations/{event}/{relType}/{type}"})
    public StreamedJson relations(
            Session session,
            @PathVariable RoomId room,
            @PathVariable EventId event,
            @PathVariable(required = false) @Nullable String relType,
            @PathVariable(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "b") String dir,
            @RequestParam(defaultValue = "5") int limit,
            @RequestParam(required = false) @Nullable Boolean recurse,
            @RequestParam(name = "org.matrix.msc3981.recurse", required = false) @Nullable Boolean unstable) {
        boolean backward = switch (dir) {
            case "b" -> true;
            case "f" -> false;
            default -> throw new MatrixException(MatrixError.invalidParam("'dir' is 'b' or 'f'."));
        };
        return largeAnswers.of(
                session.user(),
                relations.relations(new RelationReads.Request(
                        session,
                        room,
                        event,
                        relType,
                        type,
                        from,
                        to,
                        backward,
                        atLeastOne(limit),
                        recurse == null ? unstable : recurse)));
    }

    @GetMapping("/threads")
    public StreamedJson threads(
            Session session,
            @PathVariable RoomId room,
            @RequestParam(defaultValue = "all") String include,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(defaultValue = "5") int limit) {
        boolean participated = switch (include) {
            case "all" -> false;
            case "participated" -> true;
            default -> throw new MatrixException(MatrixError.invalidParam("'include' is 'all' or 'participated'."));
        };
        return largeAnswers.of(
                session.user(),
                relations.threads(
                        new RelationReads.ThreadsRequest(session, room, participated, from, atLeastOne(limit))));
    }

    private static int atLeastOne(int limit) {
        if (limit < 1) {
            throw new MatrixException(MatrixError.invalidParam("'limit' is too small."));
        }
        return limit;
    }
}
