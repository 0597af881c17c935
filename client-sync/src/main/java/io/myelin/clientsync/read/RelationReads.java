package io.myelin.clientsync.read;

import io.myelin.clientsync.event.Bundles;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.EventPage;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.ThreadRoots;
import io.myelin.matrix.event.Relation;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that relate to others: {@code /rooms/{id}/relations/{event}} and {@code /rooms/{id}/threads}. Client-server API,
 * "Relationships API" and "Querying threads in a room".
 */
public final class RelationReads {
    private static final int MOST = 1000;
    private static final int MOST_PAGES = 10;
    private static final int MOST_THREADS = 100;
    private static final int MOST_PAGES_OF_THREADS = 3;

    /** A page with more bytes than this is not filled up further: its client asks again from its end. */
    private static final int MOST_BYTES = 1 << 20;

    /**
     * @param relType null for any; likewise {@code type}
     * @param from null for the room's end, or for its beginning if not {@code backward}
     * @param to null to go as far as there is anything
     * @param recurse whether events are wanted that relate indirectly; null if the client does not say
     */
    public record Request(
            Session session,
            RoomId room,
            EventId event,
            @Nullable String relType,
            @Nullable String type,
            @Nullable String from,
            @Nullable String to,
            boolean backward,
            int limit,
            @Nullable Boolean recurse) {
        int depth() {
            return recurse != null && recurse ? RelatedQuery.MOST_DEPTH : 1;
        }
    }

    /** @param from as in {@link Request} */
    public record ThreadsRequest(
            Session session,
            RoomId room,
            boolean participated,
            @Nullable String from,
            int limit) {}

    /** @param next where to go on; null if there is nothing more */
    private record Chunk(
            List<StoredEvent> events,
            Bundles bundles,
            @Nullable RoomPosition next) {}

    private final JoinedRooms joinedRooms;
    private final RoomEvents events;
    private final int shards;
    private final Clock clock;

    public RelationReads(JoinedRooms joinedRooms, RoomEvents events, int shards, Clock clock) {
        this.joinedRooms = joinedRooms;
        this.events = events;
        this.shards = shards;
        this.clock = clock;
    }

    /** @throws MatrixException 404 if the user does not see the event that others relate to */
    public StreamedJson relations(Request request) {
        RoomView view = joinedRooms.history(request.session().user(), request.room());
        // The messages of an ignored user are hidden, but not what others have said about them.
        if (events.find(view, request.event())
                .filter(event -> seesRoot(view, event))
                .isEmpty()) {
            throw new MatrixException(MatrixError.notFound("There is no such event that you could see."));
        }
        Chunk chunk = related(view, request);
        return answer(view, request.session(), chunk, request.from(), request.recurse() == null ? 0 : request.depth());
    }

    private Chunk related(RoomView view, Request request) {
        boolean backward = request.backward();
        RoomPosition from = position(view, request.from());
        RoomPosition to = position(view, request.to());
        RoomPlace end = view.until() == Long.MAX_VALUE ? RoomPlace.END : new RoomPlace(view.until(), 1);
        RoomPlace lower = backward
                ? to == null ? RoomPlace.BEGINNING : to.place()
                : from == null ? RoomPlace.BEGINNING : from.place();
        RoomPlace upper = backward ? from == null ? end : from.next() : to == null ? end : to.next();
        RoomPlace after = lower;
        RoomPlace before = upper.isBefore(end) ? upper : end;
        int limit = Math.min(request.limit(), MOST);
        List<StoredEvent> chosen = new ArrayList<>();
        long bytes = 0;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            EventPage page = events.related(
                    view,
                    new RelatedQuery(
                            request.event(),
                            request.relType(),
                            request.type(),
                            request.depth(),
                            after,
                            before,
                            backward,
                            limit - chosen.size()));
            for (StoredEvent stored : page.events()) {
                after = backward ? after : stored.place();
                before = backward ? stored.place() : before;
                if (isWanted(stored, request) && view.sees(stored)) {
                    bytes += stored.event().body().length;
                    chosen.add(stored);
                }
            }
            if (page.end() || page.events().isEmpty()) {
                return new Chunk(chosen, events.bundles(view, chosen), null);
            }
            if (chosen.size() == limit || bytes > MOST_BYTES) {
                break;
            }
        }
        return new Chunk(chosen, events.bundles(view, chosen), at(view, backward, after, before));
    }

    /** Whether the event's relation is the one that was asked for. What was found by its bytes may have another. */
    private static boolean isWanted(StoredEvent stored, Request request) {
        Relation relation = Relation.of(stored.event().body()).orElse(null);
        return relation != null
                && !stored.event().id().equals(request.event())
                && (request.depth() > 1 || relation.target().equals(request.event()))
                && (request.relType() == null || relation.is(request.relType()))
                && (request.type() == null || stored.event().type().equals(request.type()));
    }

    public StreamedJson threads(ThreadsRequest request) {
        RoomView view = joinedRooms.history(request.session().user(), request.room());
        RoomPosition from = position(view, request.from());
        RoomPlace end = view.until() == Long.MAX_VALUE ? RoomPlace.END : new RoomPlace(view.until(), 1);
        RoomPlace before = from == null || !from.next().isBefore(end) ? end : from.next();
        int limit = Math.min(request.limit(), MOST_THREADS);
        List<StoredEvent> chosen = new ArrayList<>();
        Bundles bundles = Bundles.NONE;
        long bytes = 0;
        for (int pages = 0; pages < MOST_PAGES_OF_THREADS && chosen.size() < limit && bytes <= MOST_BYTES; pages++) {
            ThreadRoots page = events.threads(view, before, limit - chosen.size());
            Bundles its = events.bundles(view, page.roots());
            for (StoredEvent root : page.roots()) {
                Bundles.Thread thread = its.threads().get(root.event().id());
                if (thread != null && (thread.participated() || !request.participated()) && seesRoot(view, root)) {
                    bytes += root.event().body().length;
                    chosen.add(withoutIgnored(view, root));
                }
            }
            bundles = bundles.and(its);
            before = page.next();
            if (page.end()) {
                return answer(view, request.session(), new Chunk(chosen, bundles, null), null, 0);
            }
        }
        RoomPosition next = RoomPosition.before(view.room().incarnation(), before);
        return answer(view, request.session(), new Chunk(chosen, bundles, next), null, 0);
    }

    /** Whether the viewer sees an event, whoever sent it. */
    private static boolean seesRoot(RoomView view, StoredEvent root) {
        return root.seq() <= view.until() && view.viewer().sees(root);
    }

    /** The root of a thread by an ignored user is shown, but without what they said. */
    private static StoredEvent withoutIgnored(RoomView view, StoredEvent root) {
        return view.ignored().contains(root.event().sender().value())
                ? root.with(
                        root.event()
                                .redacted(RoomVersions.find(root.event().version())
                                        .orElseThrow()),
                        root.redactedBecause())
                : root;
    }

    private @Nullable RoomPosition position(RoomView view, @Nullable String token) {
        if (token == null || token.isEmpty()) {
            return null;
        }
        RoomPosition asked = RoomPosition.parse(token, view.room().shard(), shards);
        // Numbers of another incarnation mean nothing here: too much is told rather than too little.
        return asked.incarnation() == view.room().incarnation() ? asked : null;
    }

    private static RoomPosition at(RoomView view, boolean backward, RoomPlace after, RoomPlace before) {
        long incarnation = view.room().incarnation();
        return backward ? RoomPosition.before(incarnation, before) : RoomPosition.at(incarnation, after);
    }

    /**
     * @param previous the token that the client began with; null for none
     * @param depth how far indirect relations were followed; 0 not to say it
     */
    private StreamedJson answer(RoomView view, Session session, Chunk chunk, @Nullable String previous, int depth) {
        ClientEvents client = new ClientEvents(session, clock.millis());
        List<StoredEvent> shown = view.shown(chunk.events());
        return out -> {
            out.beginObject();
            out.name("chunk").beginArray();
            shown.forEach(
                    stored -> client.write(out, stored, Form.WITH_ROOM, view.membershipAt(stored), chunk.bundles()));
            out.endArray();
            RoomPosition next = chunk.next();
            if (next != null) {
                out.field("next_batch", next.encode());
            }
            out.fieldIfPresent("prev_batch", previous);
            if (depth > 0) {
                out.field("recursion_depth", (long) depth);
            }
            out.endObject();
        };
    }
}
