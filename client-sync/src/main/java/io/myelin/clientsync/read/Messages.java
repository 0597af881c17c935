package io.myelin.clientsync.read;

import io.myelin.clientsync.event.Bundles;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.EventPage;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pages of a room's history: {@code /rooms/{id}/messages}. */
public final class Messages {
    private static final int MOST = 1000;
    private static final int FILTERED_PAGE = 100;
    private static final int MOST_PAGES = 10;

    /** A page with more bytes than this is not filled up further: its client asks again from its end. */
    private static final int MOST_BYTES = 1 << 20;

    /**
     * @param from null for the room's end, or for its beginning if not {@code backward}
     * @param to null to go as far as there is anything
     */
    public record Request(
            Session session,
            RoomId room,
            @Nullable String from,
            @Nullable String to,
            boolean backward,
            int limit,
            EventFilter filter) {}

    /** @param next from where to go on; null if there is nothing more */
    private record Chunk(List<StoredEvent> events, @Nullable RoomPosition next) {}

    private final JoinedRooms joinedRooms;
    private final RoomEvents events;
    private final int shards;
    private final Clock clock;

    public Messages(JoinedRooms joinedRooms, RoomEvents events, int shards, Clock clock) {
        this.joinedRooms = joinedRooms;
        this.events = events;
        this.shards = shards;
        this.clock = clock;
    }

    /** @throws MatrixException 403 if the user may read nothing of the room */
    public void requireReadable(Session session, RoomId room) {
        joinedRooms.readable(session.user(), room);
    }

    /** The response's JSON. Its events are read already when it is written. */
    public StreamedJson read(Request request) {
        RoomView view = joinedRooms.history(request.session().user(), request.room());
        RoomPosition from = start(view, request);
        Chunk chunk = chunk(view, request, from);
        ClientEvents client = new ClientEvents(request.session(), clock.millis());
        Bundles bundles = events.bundles(view, chunk.events());
        boolean tellsSenders =
                request.filter().lazyLoadMembers() && !chunk.events().isEmpty();
        List<StoredEvent> senders = tellsSenders ? senders(view, chunk.events()) : List.of();
        return out -> {
            out.beginObject();
            out.field("start", from.encode());
            if (chunk.next() != null) {
                out.field("end", chunk.next().encode());
            }
            out.name("chunk").beginArray();
            view.shown(chunk.events())
                    .forEach(stored -> client.write(out, stored, Form.WITH_ROOM, view.membershipAt(stored), bundles));
            out.endArray();
            if (tellsSenders) {
                out.name("state").beginArray();
                senders.forEach(member -> client.writeState(out, view.shownAsState(member), Form.WITH_ROOM));
                out.endArray();
            }
            out.endObject();
        };
    }

    private RoomPosition start(RoomView view, Request request) {
        long incarnation = view.room().incarnation();
        RoomPosition end = RoomPosition.after(incarnation, view.room().lastSeq());
        if (request.from() == null || request.from().isEmpty()) {
            return request.backward() ? end : RoomPosition.after(incarnation, 0);
        }
        RoomPosition asked = RoomPosition.parse(request.from(), view.room().shard(), shards);
        // Numbers of another incarnation mean nothing here. Beginning at the end tells too much rather than too little.
        return asked.incarnation() == incarnation ? asked : end;
    }

    private Chunk chunk(RoomView view, Request request, RoomPosition from) {
        boolean backward = request.backward();
        RoomPlace bound = bound(view, request);
        RoomPlace after = backward ? bound : from.place();
        RoomPlace before = backward ? from.next() : bound;
        int limit = Math.min(request.limit(), MOST);
        boolean filters = request.filter() != EventFilter.ALL;
        List<StoredEvent> chosen = new ArrayList<>();
        long bytes = 0;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            int wanted = filters ? FILTERED_PAGE : limit - chosen.size();
            EventPage page = events.page(view, after, before, backward, Math.max(1, wanted));
            for (StoredEvent stored : page.events()) {
                if (chosen.size() == limit) {
                    return new Chunk(chosen, at(view, backward, after, before));
                }
                after = backward ? after : stored.place();
                before = backward ? stored.place() : before;
                bytes += stored.event().body().length;
                if (view.sees(stored)
                        && request.filter().accepts(stored.event())
                        && request.filter().acceptsRoom(request.room())) {
                    chosen.add(stored);
                }
            }
            if (page.end() || page.events().isEmpty()) {
                // As with Synapse, only a page without events is known to be the last one. A room has a beginning but
                // no
                // end: later events will follow its newest ones.
                boolean goesOn = !chosen.isEmpty() && (backward || view.until() == Long.MAX_VALUE);
                return new Chunk(chosen, goesOn ? at(view, backward, after, before) : null);
            }
            if (chosen.size() == limit || bytes > MOST_BYTES) {
                break;
            }
        }
        return new Chunk(chosen, at(view, backward, after, before));
    }

    private static RoomPosition at(RoomView view, boolean backward, RoomPlace after, RoomPlace before) {
        long incarnation = view.room().incarnation();
        return backward ? RoomPosition.before(incarnation, before) : RoomPosition.at(incarnation, after);
    }

    private RoomPlace bound(RoomView view, Request request) {
        boolean backward = request.backward();
        if (request.to() == null || request.to().isEmpty()) {
            return backward ? RoomPlace.BEGINNING : RoomPlace.END;
        }
        RoomPosition to = RoomPosition.parse(request.to(), view.room().shard(), shards);
        return backward ? to.place() : to.next();
    }

    private List<StoredEvent> senders(RoomView view, List<StoredEvent> chunk) {
        Set<String> senders = new LinkedHashSet<>();
        chunk.forEach(stored -> senders.add(stored.event().sender().value()));
        return events.members(view.room(), senders, chunk.getFirst().seq());
    }
}
