package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.event.Edits;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.EventPage;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A room's events and past states: from its window where that reaches, else from room-server. */
public final class RoomEvents {
    private final RoomQueries rooms;
    private final RoomLoader loader;

    public RoomEvents(RoomQueries rooms, RoomLoader loader) {
        this.rooms = rooms;
        this.loader = loader;
    }

    /** Events strictly between two numbers; {@code end} says that there are no more of them. */
    EventPage page(RoomView view, long after, long before, boolean backward, int limit) {
        CachedRoom room = view.room();
        long upper = view.until() == Long.MAX_VALUE ? before : Math.min(before, view.until() + 1);
        List<StoredEvent> found = new ArrayList<>();
        List<TimelineEvent> window = room.window();
        int from = room.indexAfter(after);
        int to = upper == Long.MAX_VALUE ? window.size() : room.indexAfter(upper - 1);
        boolean whole = room.reachesBackTo(after);
        if (backward) {
            for (int i = to - 1; i >= from && found.size() < limit; i--) {
                found.add(window.get(i).stored());
            }
            if (whole || found.size() == limit) {
                return new EventPage(room.lastSeq(), found, whole && found.size() == Math.max(0, to - from));
            }
        } else if (whole) {
            for (int i = from; i < to && found.size() < limit; i++) {
                found.add(window.get(i).stored());
            }
            return new EventPage(room.lastSeq(), found, found.size() == Math.max(0, to - from));
        }
        return rooms.events(room.id(), after, upper, backward, limit);
    }

    Optional<StoredEvent> find(RoomView view, EventId id) {
        for (TimelineEvent event : view.room().window().reversed()) {
            if (event.stored().event().id().equals(id)) {
                return Optional.of(event.stored());
            }
        }
        return view.room().complete() && view.until() == Long.MAX_VALUE
                ? Optional.empty()
                : rooms.event(view.room().id(), id)
                        .filter(stored ->
                                stored.event().room().equals(view.room().id()));
    }

    /** What was made of these events since, as far as this user may see it. */
    Edits edits(RoomView view, List<StoredEvent> originals) {
        List<StoredEvent> editable =
                originals.stream().filter(stored -> !stored.event().isState()).toList();
        if (editable.isEmpty()) {
            return Edits.NONE;
        }
        CachedRoom room = view.room();
        long oldest = editable.stream().mapToLong(StoredEvent::seq).min().orElseThrow();
        List<StoredEvent> candidates;
        if (room.reachesBackTo(oldest)) {
            candidates = room
                    .window()
                    .subList(room.indexAfter(oldest), room.window().size())
                    .stream()
                    .map(TimelineEvent::stored)
                    .toList();
        } else {
            candidates = rooms.edits(
                    room.id(),
                    editable.stream().map(stored -> stored.event().id()).toList());
        }
        return Edits.of(editable, candidates.stream().filter(view::sees).toList());
    }

    CachedRoom asOf(CachedRoom room, long seq) {
        return loader.asOf(room, seq);
    }

    /** The member events of these users at a number. */
    List<StoredEvent> members(CachedRoom room, Collection<String> users, long seq) {
        List<StoredEvent> members = new ArrayList<>();
        List<Wanted> older = new ArrayList<>();
        for (String user : users) {
            StoredEvent now = room.state().get(EventTypes.MEMBER, user);
            if (seq < room.resolutions().newest()) {
                older.add(new Wanted(EventTypes.MEMBER, user));
            } else if (now != null && now.seq() <= seq) {
                members.add(now);
            } else if (now != null && now.event().replaces() != 0) {
                older.add(new Wanted(EventTypes.MEMBER, user));
            }
        }
        if (!older.isEmpty()) {
            members.addAll(rooms.stateAt(room.id(), seq, older));
        }
        return members;
    }
}
