package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.QueriedPastStates;
import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.cache.WindowHistory;
import io.myelin.clientsync.event.Bundles;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.visibility.PastStates;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the sections of one answer for joined and left rooms. */
final class RoomSections {
    private final SyncRequest request;
    private final RoomLoader loader;
    private final Set<String> ignored;
    private final ErasedUsers erased;
    private final int limit;
    private final long now;

    /** @param now milliseconds since the epoch */
    RoomSections(SyncRequest request, RoomLoader loader, Set<String> ignored, ErasedUsers erased, int limit, long now) {
        this.now = now;
        this.erased = erased;
        this.request = request;
        this.loader = loader;
        this.ignored = ignored;
        this.limit = limit;
    }

    /** @param fresh whether the client knows nothing of the room's shard */
    RoomSection joined(
            RoomCut cut,
            boolean fresh,
            long after,
            List<AccountDatum> accountData,
            RoomEphemerals ephemerals,
            MemberChoice members) {
        CachedRoom room = cut.room();
        boolean newly = cut.newly();
        boolean full = fresh || newly;
        long known = newly ? leftBefore(room, after) : after;
        Viewer viewer = viewer(room, cut.mine(), known);
        Timeline timeline = timeline(room, viewer, known);
        Summary summary = full || request.fullState()
                ? Summary.of(room, request.user())
                : tellsMembers()
                        ? Summary.ifChanged(room, request.user(), after).orElse(null)
                        : null;
        boolean lost = fresh && request.since() != null;
        return section(
                room,
                viewer,
                newly || lost ? timeline.asLimited() : timeline,
                full || request.fullState(),
                after,
                sticky(room, timeline, full || request.fullState() ? 0 : after),
                summary,
                accountData,
                ephemerals,
                members);
    }

    /**
     * A room that the user is not in any more, as it was when they last were, with their newest member event.
     * Memberships after that (invited, banned) show them nothing more of the room.
     */
    RoomSection left(RoomCut cut, boolean fresh, long after, List<AccountDatum> accountData, MemberChoice members) {
        UserRoom mine = cut.mine();
        long left = WindowHistory.leftAt(cut.room(), request.user(), loader).orElse(0L);
        boolean isKnown = !fresh && !request.fullState() && left <= after;
        if (left == 0 || isKnown) {
            return onlyOwnEvent(loader.asOf(cut.room(), mine.seq()), mine, left, accountData);
        }
        CachedRoom room = withExit(loader.asOf(cut.room(), left), cut);
        boolean wasJoined = !fresh && left > after && was(cut.room(), after).equals("join");
        boolean old = fresh || left <= after;
        long known = wasJoined || (old && !fresh) ? after : 0;
        Viewer viewer = viewer(room).until(left);
        Timeline timeline = timeline(room, viewer, known);
        boolean newly = !wasJoined && !old;
        return section(
                room,
                viewer,
                newly ? timeline.asLimited() : timeline,
                old || newly || request.fullState(),
                after,
                List.of(),
                null,
                accountData,
                RoomEphemerals.NONE,
                members);
    }

    /** The room as the user left it, with their newest member event where that is another than the one they left by. */
    private CachedRoom withExit(CachedRoom room, RoomCut cut) {
        StoredEvent own = cut.room().member(request.user());
        StoredEvent leave = room.member(request.user());
        if (own == null || (leave != null && leave.number() == own.number()) || own.seq() <= room.lastSeq()) {
            return room;
        }
        List<TimelineEvent> window = new ArrayList<>(room.window());
        window.add(new TimelineEvent(own, leave));
        return room.withEvents(
                room.state().with(EventTypes.MEMBER, request.user().value(), own), List.copyOf(window));
    }

    /**
     * The user's own member event alone, because they never were in the room (an invitation withdrawn or refused, a
     * ban), or know already that they left.
     */
    private RoomSection onlyOwnEvent(CachedRoom room, UserRoom mine, long left, List<AccountDatum> accountData) {
        StoredEvent own = room.member(request.user());
        Timeline timeline = room.window().stream()
                .filter(event -> own != null && event.stored().number() == own.number())
                .findAny()
                .map(Timeline::only)
                .orElseGet(() -> new Timeline(List.of(), false, mine.seq()));
        List<StoredEvent> state = own == null || !timeline.events().isEmpty() ? List.of() : List.of(own);
        Viewer viewer = viewer(room).until(left);
        return new RoomSection(
                room.id(),
                viewer,
                erased,
                room.incarnation(),
                timeline.shownTo(viewer, erased),
                Bundles.NONE,
                state,
                request.stateAfter(),
                List.of(),
                null,
                accountData,
                RoomEphemerals.NONE);
    }

    /** A joined room without new events. */
    RoomSection quiet(RoomId room, Committed position, List<AccountDatum> accountData, RoomEphemerals ephemerals) {
        PastStates past = new QueriedPastStates(loader, room, position.incarnation(), request.user());
        return new RoomSection(
                room,
                Viewer.joinedThroughout(request.user(), past, position.seq()),
                erased,
                position.incarnation(),
                new Timeline(List.of(), false, position.seq()),
                Bundles.NONE,
                List.of(),
                request.stateAfter(),
                List.of(),
                null,
                accountData,
                ephemerals);
    }

    private RoomSection section(
            CachedRoom room,
            Viewer viewer,
            Timeline timeline,
            boolean full,
            long after,
            List<StoredEvent> sticky,
            @Nullable Summary summary,
            List<AccountDatum> accountData,
            RoomEphemerals ephemerals,
            MemberChoice members) {
        boolean stateAfter = request.stateAfter();
        StateChanges state = full
                ? StateChanges.full(room, timeline, stateAfter, viewer)
                : StateChanges.since(room, timeline, stateAfter, after, viewer);
        List<String> heroes = summary == null ? List.of() : summary.heroes();
        Timeline shown = timeline.shownTo(viewer, erased);
        return new RoomSection(
                room.id(),
                viewer,
                erased,
                room.incarnation(),
                shown,
                bundles(room, viewer, timeline),
                members.choose(room.id(), state, timeline, heroes, full),
                stateAfter,
                sticky,
                summary,
                accountData,
                ephemerals);
    }

    /**
     * The sticky events after a number that the timeline does not have. Who is in the room sees them whatever the room's
     * visibility is and whatever the filter wants, but for those of users whom they ignore (MSC4354).
     */
    private List<StoredEvent> sticky(CachedRoom room, Timeline timeline, long after) {
        List<StoredEvent> all = request.style() == AnswerStyle.SYNC
                ? room.sticky().after(after, now)
                : List.of();
        if (all.isEmpty()) {
            return all;
        }
        Set<EventId> told = new HashSet<>();
        timeline.events().forEach(event -> told.add(event.stored().event().id()));
        return all.stream()
                .filter(stored -> !told.contains(stored.event().id()))
                .filter(stored -> stored.event().isState()
                        || !ignored.contains(stored.event().sender().value()))
                .toList();
    }

    /** What relates to the timeline's events. It comes after the events, so the window has it. */
    private Bundles bundles(CachedRoom room, Viewer viewer, Timeline timeline) {
        List<TimelineEvent> all = room.window().stream()
                .filter(event -> event.relation() != null
                        && !ignored.contains(event.stored().event().sender().value()))
                .toList();
        if (all.isEmpty() || timeline.events().isEmpty()) {
            return Bundles.NONE;
        }
        Set<EventId> told = new HashSet<>();
        timeline.events().forEach(event -> told.add(event.stored().event().id()));
        Set<EventId> related = new HashSet<>();
        for (TimelineEvent event : all) {
            if (told.contains(target(event))) {
                related.add(event.stored().event().id());
            }
        }
        if (related.isEmpty()) {
            return Bundles.NONE;
        }
        // The edits of what relates to an event are shown, too.
        List<StoredEvent> wanted = all.stream()
                .filter(event -> told.contains(target(event)) || related.contains(target(event)))
                .map(TimelineEvent::stored)
                .toList();
        viewer.past().expect(wanted);
        List<StoredEvent> seen = wanted.stream()
                .filter(viewer::sees)
                .map(stored -> viewer.shown(stored, erased))
                .toList();
        return Bundles.of(
                request.user(),
                timeline.events().stream().map(TimelineEvent::stored).toList(),
                seen,
                null);
    }

    private static EventId target(TimelineEvent event) {
        return Objects.requireNonNull(event.relation()).target();
    }

    /** Whether the client wants to hear of members at all; otherwise a changed summary alone is no news either. */
    private boolean tellsMembers() {
        return request.filter().timeline().acceptsType(EventTypes.MEMBER)
                || request.filter().state().acceptsType(EventTypes.MEMBER);
    }

    private String was(CachedRoom room, long after) {
        return loader.membershipAt(room, request.user().value(), after);
    }

    /**
     * The number at which a user who has joined again had left the room: they know the room up to there. 0 if they left
     * before the window or never were joined; then they know nothing of the window.
     */
    private long leftBefore(CachedRoom room, long after) {
        String user = request.user().value();
        return room.window().reversed().stream()
                .map(TimelineEvent::stored)
                .filter(stored -> stored.seq() <= after)
                .filter(stored -> stored.event().type().equals(EventTypes.MEMBER)
                        && !stored.event().outsideCurrentState()
                        && user.equals(stored.event().stateKey())
                        && EventContent.membershipBefore(stored).equals("join")
                        && !EventContent.membership(stored).equals("join"))
                .mapToLong(StoredEvent::seq)
                .findFirst()
                .orElse(0);
    }

    private Viewer viewer(CachedRoom room, UserRoom mine, long known) {
        return mine.seq() <= known
                ? Viewer.joinedThroughout(
                        request.user(), new QueriedPastStates(loader, room, request.user()), mine.seq())
                : viewer(room);
    }

    private Viewer viewer(CachedRoom room) {
        UserId user = request.user();
        return WindowHistory.viewer(room, user, loader, new QueriedPastStates(loader, room, user));
    }

    private Timeline timeline(CachedRoom room, Viewer viewer, long after) {
        var filter = request.filter().timeline();
        if (!filter.acceptsRoom(room.id())) {
            return new Timeline(List.of(), false, room.lastSeq());
        }
        viewer.past().expect(room.offTheLineAfter(after));
        return Timeline.of(
                room,
                after,
                limit,
                event -> isWanted(event)
                        && (isOwnExit(room, event)
                                || viewer.sees(event.stored())
                                || (viewer.until() == Long.MAX_VALUE && isCurrent(room, event))));
    }

    /** Whether the event is part of the room's current state, which who is in the room sees anyway. */
    private static boolean isCurrent(CachedRoom room, TimelineEvent event) {
        RoomEvent fact = event.stored().event();
        String stateKey = fact.stateKey();
        if (stateKey == null) {
            return false;
        }
        StoredEvent current = room.state().get(fact.type(), stateKey);
        return current != null && current.number() == event.stored().number();
    }

    /**
     * Whether the event is the user's own newest member event, by which they are not in the room. They are told of it,
     * whatever else they may see.
     */
    private boolean isOwnExit(CachedRoom room, TimelineEvent event) {
        StoredEvent own = room.member(request.user());
        return own != null
                && own.number() == event.stored().number()
                && !EventContent.membership(own).equals("join");
    }

    private boolean isWanted(TimelineEvent event) {
        var fact = event.stored().event();
        return request.filter().timeline().accepts(fact)
                && (event.isState() || !ignored.contains(fact.sender().value()));
    }
}
