package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.EventPages;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks room-server for rooms: as they are, or as they were further back than a window reaches. */
public final class RoomLoader {

    /** @param asOf the number in the shard up to which the room is complete */
    public record Loaded(CachedRoom room, long asOf) {}

    /** The estimated weight of an event of the window before it is read. */
    private static final long EVENT_OF_WINDOW = 2_000;

    private final RoomQueries rooms;
    private final PastVisibilities pastVisibilities;
    private final PastLoads<CachedRoom> pastRooms;
    private final PastLoads<List<StoredEvent>> pastStates;

    public RoomLoader(RoomQueries rooms, MemoryBudget budget) {
        this.rooms = rooms;
        this.pastVisibilities = new PastVisibilities(rooms);
        this.pastRooms = new PastLoads<>(budget, CachedRoom::weight);
        this.pastStates = new PastLoads<>(budget, Weights::ofState);
    }

    /** The numbers and events that a room consists of; empty if there is no such room. */
    Optional<RoomSnapshot> snapshot(RoomId id) {
        return rooms.room(id, CachedRoom.WINDOW);
    }

    /** The small ones of some rooms of a shard; see {@link RoomQueries#smallRooms}. */
    List<RoomSnapshot> smallRooms(int shard, List<RoomId> ids) {
        return rooms.smallRooms(shard, ids, CachedRoom.WINDOW);
    }

    /** The approximate weight of the room. Bodies are counted whole, though only parts of them are kept. */
    static long weight(RoomSnapshot snapshot) {
        return snapshot.stateBytes()
                + snapshot.state().length * (long) (Weights.EVENT + Weights.PLACE)
                + snapshot.timeline().length * EVENT_OF_WINDOW;
    }

    /** The room, read page by page. */
    CachedRoom load(RoomSnapshot snapshot) {
        RoomId id = snapshot.room();
        Resolutions resolutions = Resolutions.of(snapshot.resolved(), snapshot.replaced());
        Map<Long, StoredEvent> known = new HashMap<>();
        snapshot.events().forEach(stored -> known.put(stored.number(), stored));
        EventPages.forEach(
                rooms, id, missing(snapshot.timeline(), known), stored -> known.put(stored.number(), stored));
        List<StoredEvent> newest = LongStream.of(snapshot.timeline())
                .boxed()
                .flatMap(number -> Stream.ofNullable(known.get(number)))
                .toList();
        Set<StoredEvent> whole = Collections.newSetFromMap(new IdentityHashMap<>());
        whole.addAll(newest);
        State state = new State();
        for (long number : snapshot.state()) {
            StoredEvent stored = known.get(number);
            state.take(stored == null || whole.contains(stored) ? stored : CompactState.of(stored));
        }
        EventPages.forEach(rooms, id, missing(snapshot.state(), known), stored -> state.take(CompactState.of(stored)));
        List<TimelineEvent> window = window(id, newest, resolutions);
        StickyEvents sticky = sticky(id, snapshot.sticky(), newest);
        return new CachedRoom(
                id,
                RoomVersions.find(snapshot.version()).orElseThrow(),
                snapshot.shard(),
                snapshot.incarnation(),
                state.events,
                window,
                snapshot.complete(),
                state.counts,
                snapshot.published(),
                resolutions,
                snapshot.historyAt(),
                sticky,
                snapshot.purgedAt(),
                Weights.of(state.events),
                Weights.of(window));
    }

    /** The events of these numbers as far as they are sticky; most rooms have none. */
    private StickyEvents sticky(RoomId id, long[] numbers, List<StoredEvent> newest) {
        Map<Long, StoredEvent> found = new TreeMap<>();
        Set<Long> wanted = LongStream.of(numbers).boxed().collect(Collectors.toSet());
        newest.stream()
                .filter(stored -> wanted.contains(stored.number()))
                .forEach(stored -> found.put(stored.number(), stored));
        EventPages.forEach(rooms, id, missing(numbers, found), stored -> found.put(stored.number(), stored));
        return StickyEvents.of(
                found.values().stream().filter(StickyEvents::isSticky).toList());
    }

    private static long[] missing(long[] numbers, Map<Long, StoredEvent> known) {
        return LongStream.of(numbers)
                .filter(number -> !known.containsKey(number))
                .toArray();
    }

    /** A state while its events are gathered. */
    private static final class State {
        StateMap<StoredEvent> events = StateMap.empty();
        MemberCounts counts = MemberCounts.NONE;

        private void take(@Nullable StoredEvent stored) {
            String stateKey = stored == null ? null : stored.event().stateKey();
            if (stored == null || stateKey == null) {
                return;
            }
            if (stored.event().type().equals(EventTypes.MEMBER)) {
                counts = counts.replace(events.get(EventTypes.MEMBER, stateKey), stored);
            }
            events = events.with(stored.event().type(), stateKey, stored);
        }
    }

    /** A room as it was at a number, read from room-server. */
    public CachedRoom loadAsOf(CachedRoom now, long seq) {
        return pastRooms.get(now, seq, space -> readAsOf(now, seq, space));
    }

    private CachedRoom readAsOf(CachedRoom now, long seq, MemoryBudget.Reservation space) {
        var page = rooms.events(now.id(), RoomPlace.BEGINNING, RoomPlace.live(seq + 1), true, CachedRoom.WINDOW);
        List<StoredEvent> live = page.events().reversed().stream()
                .filter(stored -> !stored.place().isHistory())
                .toList();
        live.forEach(stored -> space.add(Weights.of(stored)));
        State state = new State();
        events(now, rooms.stateNumbers(now.id(), seq, null), space).forEach(state::take);
        Resolutions resolutions = now.resolutions().until(seq);
        List<TimelineEvent> window = window(now.id(), live, resolutions);
        return new CachedRoom(
                now.id(),
                now.version(),
                now.shard(),
                now.incarnation(),
                state.events,
                window,
                page.end() && live.size() == page.events().size() && beginsWithItsCreation(live),
                state.counts,
                now.published(),
                resolutions,
                now.historyAt(),
                StickyEvents.NONE,
                now.purgedAt(),
                Weights.of(state.events),
                Weights.of(window));
    }

    /** Whether nothing before these events has been purged. */
    private static boolean beginsWithItsCreation(List<StoredEvent> live) {
        return !live.isEmpty()
                && live.getFirst().number() == live.getFirst().event().created();
    }

    /**
     * Events of a room by their numbers. The room still has most events of a past state, so only the others are asked
     * for.
     *
     * @param space the reservation to which the others are added
     */
    private List<StoredEvent> events(CachedRoom now, long[] numbers, MemoryBudget.Reservation space) {
        Set<Long> wanted = LongStream.of(numbers).boxed().collect(Collectors.toSet());
        List<StoredEvent> events = new ArrayList<>(numbers.length);
        now.state().forEach((_, stored) -> {
            if (wanted.remove(stored.number())) {
                events.add(stored);
            }
        });
        long[] others = wanted.stream().mapToLong(Long::longValue).sorted().toArray();
        EventPages.forEach(rooms, now.id(), others, stored -> {
            StoredEvent compact = CompactState.of(stored);
            space.add(Weights.PLACE + Weights.of(compact));
            events.add(compact);
        });
        return events;
    }

    /** State events as they were signed, read again where only parts of them are kept here. */
    public List<StoredEvent> whole(RoomId room, List<StoredEvent> events) {
        long[] numbers = events.stream()
                .filter(stored -> !CompactState.isWhole(stored.event()))
                .mapToLong(StoredEvent::number)
                .toArray();
        Map<Long, StoredEvent> found = new HashMap<>();
        EventPages.forEach(rooms, room, numbers, stored -> found.put(stored.number(), stored));
        return events.stream()
                .map(stored -> found.getOrDefault(stored.number(), stored))
                .toList();
    }

    /** A room with only some places of its state, for a user who may see no more of it. */
    public Optional<CachedRoom> excerpt(RoomId id, int shard, long incarnation, List<Wanted> places) {
        State state = new State();
        List<StoredEvent> found = rooms.stateAt(id, Long.MAX_VALUE, places);
        found.forEach(state::take);
        return found.stream()
                .findAny()
                .map(any -> new CachedRoom(
                        id,
                        RoomVersions.find(any.event().version()).orElseThrow(),
                        shard,
                        incarnation,
                        state.events,
                        List.of(),
                        false,
                        state.counts,
                        false,
                        Resolutions.NONE,
                        0,
                        StickyEvents.NONE,
                        0,
                        Weights.of(state.events),
                        0));
    }

    /** The room as it was at a number, from its window if that reaches so far. */
    public CachedRoom asOf(CachedRoom now, long seq) {
        return now.asOf(seq).orElseGet(() -> loadAsOf(now, seq));
    }

    /** The membership of a user at a number. */
    public String membershipAt(CachedRoom now, String user, long seq) {
        StoredEvent member = now.state().get(EventTypes.MEMBER, user);
        if (now.resolutions().at(EventTypes.MEMBER, user) <= seq) {
            if (member == null || now.since(member) <= seq) {
                return EventContent.membership(member);
            }
            if (member.event().replaces() <= seq) {
                return EventContent.membershipBefore(member);
            }
        }
        return now.asOf(seq)
                .map(then -> EventContent.membership(then.state().get(EventTypes.MEMBER, user)))
                .orElseGet(() -> rooms.stateAt(now.id(), seq, List.of(new Wanted(EventTypes.MEMBER, user))).stream()
                        .findAny()
                        .map(EventContent::membership)
                        .orElse("leave"));
    }

    /** The events that past states have at some places, by the names of the states. */
    Map<Long, List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> places) {
        List<List<StoredEvent>> found = rooms.inStates(room, states, places);
        Map<Long, List<StoredEvent>> byState = new HashMap<>();
        for (int i = 0; i < found.size(); i++) {
            byState.put(states.get(i), found.get(i));
        }
        return byState;
    }

    /** A room's visibility in past states, by their names; empty if the room is gone. */
    Map<Long, HistoryVisibility> visibilities(RoomId room, long incarnation, List<Long> states) {
        return pastVisibilities.in(room, incarnation, states);
    }

    /** All events of a past state. */
    public List<StoredEvent> inState(CachedRoom room, long state) {
        return pastStates.get(room, state, space -> events(room, rooms.inState(room.id(), state), space));
    }

    /** The events that a place of the state has had, oldest first, up to the newest number of the cached room. */
    public List<StateSince> history(CachedRoom now, String type, String stateKey) {
        return rooms.stateHistory(now.id(), type, stateKey).stream()
                .filter(since -> since.seq() <= now.newest())
                .toList();
    }

    /**
     * Joins events with the state events that they replaced, which are in the window or in the state just before it. An
     * event after a resolution replaced what the resolution had put in its place.
     */
    private List<TimelineEvent> window(RoomId room, List<StoredEvent> timeline, Resolutions resolutions) {
        Map<Long, StoredEvent> known = new HashMap<>();
        timeline.forEach(stored -> known.put(stored.number(), stored));
        Map<Long, List<Wanted>> wanted = new HashMap<>();
        for (StoredEvent stored : timeline) {
            long replaces = stored.event().replaces();
            if (stored.event().isState() && replaces != 0 && !known.containsKey(replaces)) {
                long first = timeline.getFirst().seq() - 1;
                long before = stored.seq() > resolutions.newest() ? Math.max(first, resolutions.newest()) : first;
                wanted.computeIfAbsent(before, _ -> new ArrayList<>())
                        .add(new Wanted(stored.event().type(), stored.event().stateKey()));
            }
        }
        wanted.forEach((before, places) ->
                rooms.stateAt(room, before, places).forEach(stored -> known.putIfAbsent(stored.number(), stored)));
        return timeline.stream()
                .map(stored ->
                        new TimelineEvent(stored, known.get(stored.event().replaces())))
                .toList();
    }
}
