package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.event.Bundles;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.BundledEvents;
import io.myelin.contracts.room.BundledEvents.ThreadSize;
import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.EventPage;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.contracts.room.ThreadRoots;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A room's events and past states: from its window where that reaches, else from room-server. */
public final class RoomEvents {
    private final RoomQueries rooms;
    private final RoomLoader loader;

    public RoomEvents(RoomQueries rooms, RoomLoader loader) {
        this.rooms = rooms;
        this.loader = loader;
    }

    /** Events strictly between two places; {@code end} says that there are no more of them. */
    EventPage page(RoomView view, RoomPlace after, RoomPlace before, boolean backward, int limit) {
        RoomPlace end = new RoomPlace(view.until(), 1);
        RoomPlace upper = view.until() == Long.MAX_VALUE || before.isBefore(end) ? before : end;
        EventPage page = inWindow(view.room(), after, upper, backward, limit)
                .orElseGet(() -> rooms.events(view.room().id(), after, upper, backward, limit));
        view.past().read(page.events());
        return page;
    }

    /** The page from the window; empty if the window does not have all of it. */
    private static Optional<EventPage> inWindow(
            CachedRoom room, RoomPlace after, RoomPlace before, boolean backward, int limit) {
        List<TimelineEvent> window = room.window();
        boolean whole = room.hasAllAfter(after);
        if (!whole && !backward) {
            return Optional.empty();
        }
        int from = room.indexAfter(after.anchor());
        int to = Math.max(from, before.equals(RoomPlace.END) ? window.size() : room.indexFrom(before));
        int most = Math.min(limit, to - from);
        List<StoredEvent> found = (backward
                        ? window.subList(to - most, to).reversed()
                        : window.subList(from, from + most))
                .stream().map(TimelineEvent::stored).toList();
        boolean isFull =
                found.size() == limit && room.historyAt() <= found.getLast().seq();
        return whole || isFull
                ? Optional.of(new EventPage(room.lastSeq(), found, whole && most == to - from))
                : Optional.empty();
    }

    /** The room that an event is in, if there is such an event. */
    Optional<RoomId> roomOf(EventId event) {
        return rooms.roomOfEvent(event);
    }

    Optional<StoredEvent> find(RoomView view, EventId id) {
        Optional<StoredEvent> found = findAnywhere(view, id);
        found.ifPresent(stored -> view.past().read(List.of(stored)));
        return found;
    }

    private Optional<StoredEvent> findAnywhere(RoomView view, EventId id) {
        for (TimelineEvent event : view.room().window().reversed()) {
            if (event.stored().event().id().equals(id)) {
                return Optional.of(event.stored());
            }
        }
        return view.room().complete() && view.room().historyAt() == 0 && view.until() == Long.MAX_VALUE
                ? Optional.empty()
                : rooms.event(view.room().id(), id)
                        .filter(stored ->
                                stored.event().room().equals(view.room().id()));
    }

    /**
     * What is shown with these events, as far as the user may see it: from the window where that has everything since,
     * else by one question.
     */
    Bundles bundles(RoomView view, List<StoredEvent> shown) {
        List<StoredEvent> originals =
                shown.stream().filter(stored -> !stored.event().isState()).toList();
        if (originals.isEmpty()) {
            return Bundles.NONE;
        }
        CachedRoom room = view.room();
        RoomPlace oldest = originals.stream()
                .map(StoredEvent::place)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        if (room.hasAllAfter(oldest)) {
            List<StoredEvent> related = room.window().stream()
                    .filter(event -> event.relation() != null)
                    .map(TimelineEvent::stored)
                    .toList();
            return bundles(view, originals, related, null);
        }
        List<EventId> targets =
                originals.stream().map(stored -> stored.event().id()).toList();
        try {
            BundledEvents found = rooms.bundled(room.id(), query(view, targets));
            return bundles(view, originals, found.events(), found.threads());
        } catch (NotOffered e) {
            // An owner of the release before knows edits alone.
            return bundles(view, originals, rooms.edits(room.id(), targets), null);
        }
    }

    private static BundleQuery query(RoomView view, List<EventId> targets) {
        List<UserId> ignored = view.ignored().stream()
                .limit(BundleQuery.MOST_IGNORED)
                .map(UserId::new)
                .toList();
        return new BundleQuery(
                targets,
                view.viewer().user(),
                ignored,
                view.until(),
                view.viewer().hidden());
    }

    private static Bundles bundles(
            RoomView view, List<StoredEvent> originals, List<StoredEvent> related, @Nullable List<ThreadSize> sizes) {
        if (related.isEmpty()) {
            return Bundles.NONE;
        }
        view.past().expect(related);
        List<StoredEvent> seen = related.stream().filter(view::sees).toList();
        return Bundles.of(view.viewer().user(), originals, view.shown(seen), sizes);
    }

    /** A page of the events that relate to one. The states before those off the line are read already. */
    EventPage related(RoomView view, RelatedQuery query) {
        EventPage page = rooms.related(view.room().id(), query);
        view.past().read(page.events());
        return page;
    }

    /** A page of threads' roots, likewise. */
    ThreadRoots threads(RoomView view, RoomPlace before, int limit) {
        ThreadRoots page = rooms.threads(view.room().id(), before, limit);
        view.past().read(page.roots());
        return page;
    }

    /**
     * Whether the viewer sees the state at a number: by the rules for the state then, or because they see the newest
     * event up to there.
     */
    boolean seesStateAt(RoomView view, long seq) {
        if (view.viewer().seesStateAt(seq)) {
            return true;
        }
        List<StoredEvent> newest = page(view, RoomPlace.BEGINNING, RoomPlace.live(seq + 1), true, 1)
                .events();
        return newest.isEmpty()
                || (newest.getFirst().seq() <= view.until() && view.viewer().sees(newest.getFirst()));
    }

    CachedRoom asOf(CachedRoom room, long seq) {
        return loader.asOf(room, seq);
    }

    /** The state after an event. If it was never the room's current state, room-server is asked for the event's own. */
    Collection<StoredEvent> stateAfter(CachedRoom room, StoredEvent stored) {
        RoomEvent event = stored.event();
        if (event.outsideCurrentState() || stored.isOffTimeline()) {
            return loader.inState(room, event.isState() ? stored.number() : event.state());
        }
        List<StoredEvent> state = new ArrayList<>();
        asOf(room, stored.seq()).state().forEach((_, one) -> state.add(one));
        return state;
    }

    /** The member events of these users at a number. */
    List<StoredEvent> members(CachedRoom room, Collection<String> users, long seq) {
        List<StoredEvent> members = new ArrayList<>();
        List<Wanted> older = new ArrayList<>();
        for (String user : users) {
            StoredEvent now = room.state().get(EventTypes.MEMBER, user);
            if (seq < room.resolutions().newest()) {
                older.add(new Wanted(EventTypes.MEMBER, user));
            } else if (now != null && room.since(now) <= seq) {
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
