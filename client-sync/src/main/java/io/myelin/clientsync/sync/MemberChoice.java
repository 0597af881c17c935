package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.filter.SyncFilter;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses which events of a state are sent: those that the filter lets pass. If members are loaded lazily, a full state
 * has only the members who are needed; a change of the state has the changed members, and those who are needed and were
 * not sent before. Client-server API, "Lazy-loading room members".
 *
 * @param sent the members that this connection was sent, by room and user, with the number of the member event
 */
public record MemberChoice(SyncFilter filter, UserId viewer, StateMap<Long> sent) {

    /**
     * @param full whether the client gets the room's state from the start: then no member counts as sent
     * @param heroes of the summary, if it is sent
     */
    public List<StoredEvent> choose(
            RoomId room, StateChanges state, Timeline timeline, List<String> heroes, boolean full) {
        if (!filter.state().acceptsRoom(room)) {
            return List.of();
        }
        List<StoredEvent> chosen = new ArrayList<>();
        boolean lazy = filter.lazyLoadsMembers();
        for (StoredEvent stored : state.changed()) {
            boolean left = lazy && full && stored.event().type().equals(EventTypes.MEMBER);
            if (!left && filter.state().accepts(stored.event())) {
                chosen.add(stored);
            }
        }
        if (lazy) {
            addNeeded(room, state, timeline, heroes, full, chosen);
        }
        return chosen;
    }

    private void addNeeded(
            RoomId room,
            StateChanges state,
            Timeline timeline,
            List<String> heroes,
            boolean full,
            List<StoredEvent> chosen) {
        Set<String> needed = new LinkedHashSet<>(heroes);
        timeline.events()
                .forEach(event -> needed.add(event.stored().event().sender().value()));
        if (full) {
            needed.add(viewer.value());
        }
        for (String user : needed) {
            StoredEvent member = state.base().get(EventTypes.MEMBER, user);
            if (member != null
                    && filter.state().accepts(member.event())
                    && (full || !isRedundant(room, member))
                    && !chosen.contains(member)) {
                chosen.add(member);
            }
        }
    }

    private boolean isRedundant(RoomId room, StoredEvent member) {
        Long before = filter.includesRedundantMembers()
                ? null
                : sent.get(
                        room.value(),
                        member.event().stateKey() == null ? "" : member.event().stateKey());
        return before != null && before == member.number();
    }

    /** The members that have been sent once this answer has. */
    static StateMap<Long> sentWith(
            StateMap<Long> sent, RoomId room, List<StoredEvent> state, List<TimelineEvent> timeline) {
        StateMap<Long> now = sent;
        for (StoredEvent stored : state) {
            now = remember(now, room, stored);
        }
        for (TimelineEvent event : timeline) {
            now = remember(now, room, event.stored());
        }
        return now;
    }

    private static StateMap<Long> remember(StateMap<Long> sent, RoomId room, StoredEvent stored) {
        String user = stored.event().stateKey();
        return user != null && stored.event().type().equals(EventTypes.MEMBER)
                ? sent.with(room.value(), user, stored.number())
                : sent;
    }
}
