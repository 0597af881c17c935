package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.PastStates;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks room-server about states that were never the room's current one, for one request. Each state is asked for once,
 * together with the others that are known to be needed. If the room was purged just now, the answers show the user
 * nothing more of it.
 */
public final class QueriedPastStates implements PastStates {
    private static final Wanted VISIBILITY = new Wanted(EventTypes.HISTORY_VISIBILITY, "");

    private final RoomLoader loader;
    private final RoomId room;
    private final long incarnation;
    private final UserId user;
    private final Map<Long, HistoryVisibility> visibilities = new HashMap<>();
    private final Map<Long, String> memberships = new HashMap<>();

    public QueriedPastStates(RoomLoader loader, CachedRoom room, UserId user) {
        this(loader, room.id(), room.incarnation(), user);
    }

    /** @param incarnation of the room's shard */
    public QueriedPastStates(RoomLoader loader, RoomId room, long incarnation, UserId user) {
        this.loader = loader;
        this.room = room;
        this.incarnation = incarnation;
        this.user = user;
    }

    /** Asks for visibility and membership in the states before these events, as far as the events are off the line. */
    public void read(Collection<StoredEvent> events) {
        ask(statesBefore(events, state -> !memberships.containsKey(state)));
    }

    /**
     * Asks for the visibilities first, which are cached for all users. The membership is asked for only where it
     * matters to a member: where it decides whether they see an event, or the content that an event replaced.
     */
    @Override
    public void expect(List<StoredEvent> events) {
        List<Long> states = statesBefore(events, state -> !visibilities.containsKey(state));
        if (!states.isEmpty()) {
            learn(states);
            List<StoredEvent> replacing = events.stream()
                    .filter(stored -> stored.prevContent() != null)
                    .toList();
            Set<Long> before = Set.copyOf(statesBefore(replacing, _ -> true));
            ask(states.stream()
                    .filter(state -> before.contains(state)
                            || !visibility(state).neededThen().isEmpty())
                    .toList());
        }
    }

    private void learn(List<Long> states) {
        Map<Long, HistoryVisibility> found = loader.visibilities(room, incarnation, states);
        states.forEach(state -> visibilities.put(state, found.getOrDefault(state, HistoryVisibility.JOINED)));
    }

    private static List<Long> statesBefore(Collection<StoredEvent> events, Predicate<Long> isWanted) {
        return events.stream()
                .filter(StoredEvent::isOffTimeline)
                .map(stored -> stored.event().state())
                .filter(isWanted)
                .distinct()
                .toList();
    }

    private void ask(List<Long> states) {
        if (states.isEmpty()) {
            return;
        }
        List<Wanted> wanted = List.of(VISIBILITY, new Wanted(EventTypes.MEMBER, user.value()));
        Map<Long, List<StoredEvent>> found = loader.inStates(room, states, wanted);
        found.forEach((state, places) -> {
            visibilities.put(state, visibility(find(places, EventTypes.HISTORY_VISIBILITY)));
            memberships.put(state, EventContent.membership(find(places, EventTypes.MEMBER)));
        });
    }

    @Override
    public HistoryVisibility visibility(long state) {
        if (!visibilities.containsKey(state)) {
            learn(List.of(state));
        }
        return visibilities.getOrDefault(state, HistoryVisibility.JOINED);
    }

    @Override
    public String membership(long state) {
        if (!memberships.containsKey(state)) {
            ask(List.of(state));
        }
        return memberships.getOrDefault(state, "leave");
    }

    @Override
    public @Nullable String membershipIfKnown(long state) {
        return memberships.get(state);
    }

    static HistoryVisibility visibility(@Nullable StoredEvent stored) {
        return HistoryVisibility.parse(WindowHistory.visibility(stored));
    }

    private static @Nullable StoredEvent find(List<StoredEvent> places, String type) {
        return places.stream()
                .filter(stored -> stored.event().type().equals(type))
                .findFirst()
                .orElse(null);
    }
}
