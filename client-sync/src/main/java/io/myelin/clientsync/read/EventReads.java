package io.myelin.clientsync.read;

import io.myelin.clientsync.event.Bundles;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Single events, and what stands around them: {@code /rooms/{id}/event/{event}} and {@code /context/{event}}. */
public final class EventReads {
    private static final int MOST = 200;

    /** What the JVM needs for an event besides its bytes, about. */
    private static final int OBJECTS = 500;

    private final JoinedRooms joinedRooms;
    private final RoomEvents events;
    private final Clock clock;

    public EventReads(JoinedRooms joinedRooms, RoomEvents events, Clock clock) {
        this.joinedRooms = joinedRooms;
        this.events = events;
        this.clock = clock;
    }

    public byte[] event(Session session, RoomId room, EventId id) {
        RoomView view = joinedRooms.anyHistory(session.user(), room);
        StoredEvent stored = visible(view, id);
        JsonWriter out = new JsonWriter();
        Bundles bundles = events.bundles(view, List.of(stored));
        client(session).write(out, view.shown(stored), Form.WITH_ROOM, view.membershipAt(stored), bundles);
        return out.toBytes();
    }

    /** The same, without knowing its room. */
    public byte[] event(Session session, EventId id) {
        return event(session, events.roomOf(id).orElseThrow(EventReads::unknown), id);
    }

    private static MatrixException unknown() {
        return new MatrixException(MatrixError.notFound("There is no such event that you could see."));
    }

    /** @throws MatrixException not found if there is no such event, or the user may not see it */
    private StoredEvent visible(RoomView view, EventId id) {
        return events.find(view, id).filter(view::sees).orElseThrow(EventReads::unknown);
    }

    /** @param limit of the events before and after together */
    public StreamedJson context(Session session, RoomId room, EventId id, int limit, EventFilter filter) {
        RoomView view = joinedRooms.history(session.user(), room);
        StoredEvent stored = visible(view, id);
        int most = Math.min(limit, MOST);
        int before = most / 2;
        List<StoredEvent> earlier = around(view, stored, true, before, filter);
        List<StoredEvent> later = around(view, stored, false, most - before, filter);
        RoomPlace first = (earlier.isEmpty() ? stored : earlier.getLast()).place();
        StoredEvent last = later.isEmpty() ? stored : later.getLast();
        long incarnation = view.room().incarnation();
        ClientEvents client = client(session);
        List<StoredEvent> all = new ArrayList<>(earlier);
        all.add(stored);
        all.addAll(later);
        Bundles bundles = events.bundles(view, all);
        List<StoredEvent> state = state(view, all, last, filter);
        long weight = state.stream()
                .mapToLong(one -> (long) OBJECTS + one.event().body().length)
                .sum();
        return new HeldAnswer(state, weight, out -> {
            out.beginObject();
            out.field("start", RoomPosition.before(incarnation, first).encode());
            out.field("end", RoomPosition.at(incarnation, last.place()).encode());
            out.name("event");
            client.write(out, view.shown(stored), Form.WITH_ROOM, view.membershipAt(stored), bundles);
            write(out, client, view, "events_before", earlier, bundles);
            write(out, client, view, "events_after", later, bundles);
            out.name("state").beginArray();
            state.forEach(one -> client.writeState(out, view.shownAsState(one), Form.WITH_ROOM));
            out.endArray().endObject();
        });
    }

    private List<StoredEvent> around(
            RoomView view, StoredEvent stored, boolean backward, int limit, EventFilter filter) {
        if (limit == 0) {
            return List.of();
        }
        RoomPlace after = backward ? RoomPlace.BEGINNING : stored.place();
        RoomPlace before = backward ? stored.place() : RoomPlace.END;
        return events.page(view, after, before, backward, limit).events().stream()
                .filter(view::sees)
                .filter(one -> filter.accepts(one.event()))
                .toList();
    }

    private static void write(
            JsonWriter out, ClientEvents client, RoomView view, String name, List<StoredEvent> list, Bundles bundles) {
        out.name(name).beginArray();
        view.shown(list).forEach(one -> client.write(out, one, Form.WITH_ROOM, view.membershipAt(one), bundles));
        out.endArray();
    }

    /**
     * The state after the last event. If members are loaded lazily, its only member events are those of users who sent
     * one of the told events.
     */
    private List<StoredEvent> state(RoomView view, List<StoredEvent> told, StoredEvent last, EventFilter filter) {
        Set<String> senders = new LinkedHashSet<>();
        told.forEach(one -> senders.add(one.event().sender().value()));
        List<StoredEvent> state = new ArrayList<>();
        for (StoredEvent one : events.stateAfter(view.room(), last)) {
            boolean needed = !filter.lazyLoadMembers()
                    || !one.event().type().equals(EventTypes.MEMBER)
                    || senders.contains(one.event().stateKey());
            if (needed && filter.accepts(one.event())) {
                state.add(one);
            }
        }
        return state;
    }

    private ClientEvents client(Session session) {
        return new ClientEvents(session, clock.millis());
    }
}
