package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks room-server for rooms: as they are, or as they were further back than a window reaches. */
public final class RoomLoader {

    /** @param asOf the number in the shard up to which the room is complete */
    public record Loaded(CachedRoom room, long asOf) {}

    private final RoomQueries rooms;
    private final PastVisibilities pastVisibilities;

    public RoomLoader(RoomQueries rooms) {
        this.rooms = rooms;
        this.pastVisibilities = new PastVisibilities(rooms);
    }

    /** Empty if there is no such room. */
    public Optional<Loaded> load(RoomId id) {
        return rooms.room(id, CachedRoom.WINDOW).map(snapshot -> new Loaded(room(snapshot), snapshot.asOf()));
    }

    private CachedRoom room(RoomSnapshot snapshot) {
        StateMap<StoredEvent> state = state(snapshot.state());
        Resolutions resolutions = Resolutions.of(snapshot.resolved(), snapshot.replaced());
        return new CachedRoom(
                snapshot.room(),
                RoomVersions.find(snapshot.version()).orElseThrow(),
                snapshot.shard(),
                snapshot.incarnation(),
                state,
                window(snapshot.room(), snapshot.timeline(), resolutions),
                snapshot.complete(),
                counts(snapshot.state()),
                snapshot.published(),
                resolutions,
                snapshot.historyAt());
    }

    /** A room as it was at a number, by asking for just that. */
    public CachedRoom loadAsOf(CachedRoom now, long seq) {
        var page = rooms.events(now.id(), RoomPlace.BEGINNING, RoomPlace.live(seq + 1), true, CachedRoom.WINDOW);
        List<StoredEvent> live = page.events().reversed().stream()
                .filter(stored -> !stored.place().isHistory())
                .toList();
        List<StoredEvent> state = rooms.stateAt(now.id(), seq, null);
        Resolutions resolutions = now.resolutions().until(seq);
        return new CachedRoom(
                now.id(),
                now.version(),
                now.shard(),
                now.incarnation(),
                state(state),
                window(now.id(), live, resolutions),
                page.end() && live.size() == page.events().size(),
                counts(state),
                now.published(),
                resolutions,
                now.historyAt());
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

    /** What states of long ago have at some places, by the names of the states. */
    Map<Long, List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> places) {
        List<List<StoredEvent>> found = rooms.inStates(room, states, places);
        Map<Long, List<StoredEvent>> byState = new HashMap<>();
        for (int i = 0; i < found.size(); i++) {
            byState.put(states.get(i), found.get(i));
        }
        return byState;
    }

    /** What a room's visibility was in states of long ago, by their names; nothing if the room is not there any more. */
    Map<Long, HistoryVisibility> visibilities(RoomId room, long incarnation, List<Long> states) {
        return pastVisibilities.in(room, incarnation, states);
    }

    /** All of a state of long ago. */
    public List<StoredEvent> inState(RoomId room, long state) {
        return rooms.inState(room, state);
    }

    /** What a place of the state had, oldest first, as far as a room has come. */
    public List<StateSince> history(CachedRoom now, String type, String stateKey) {
        return rooms.stateHistory(now.id(), type, stateKey).stream()
                .filter(since -> since.seq() <= now.newest())
                .toList();
    }

    /**
     * Joins events with what they replaced: others in the window, or state from just before it. What came after a
     * resolution replaced what that had put there.
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

    private static StateMap<StoredEvent> state(List<StoredEvent> events) {
        StateMap<StoredEvent> state = StateMap.empty();
        for (StoredEvent stored : events) {
            String stateKey = stored.event().stateKey();
            if (stateKey != null) {
                state = state.with(stored.event().type(), stateKey, stored);
            }
        }
        return state;
    }

    private static MemberCounts counts(List<StoredEvent> state) {
        MemberCounts counts = MemberCounts.NONE;
        for (StoredEvent stored : state) {
            if (stored.event().type().equals(EventTypes.MEMBER)) {
                counts = counts.replace(null, stored);
            }
        }
        return counts;
    }
}
