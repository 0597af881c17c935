package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The state that a client needs beside a timeline.
 *
 * @param base the state before the timeline's events (those that are told, whatever a filter kept back), or after them.
 *     Either includes what a resolution has changed since and no event of the timeline tells
 * @param changed the events of {@code base} that the client does not know yet
 */
public record StateChanges(StateMap<StoredEvent> base, List<StoredEvent> changed) {

    /** All of the state. */
    public static StateChanges full(CachedRoom room, Timeline timeline, boolean after, Viewer viewer) {
        StateMap<StoredEvent> base = base(room, timeline, after, viewer);
        List<StoredEvent> all = new ArrayList<>(base.size());
        base.forEach((_, stored) -> all.add(stored));
        return new StateChanges(base, all);
    }

    /** The part of the state that changed after a number. */
    public static StateChanges since(CachedRoom room, Timeline timeline, boolean after, long since, Viewer viewer) {
        StateMap<StoredEvent> base = base(room, timeline, after, viewer);
        List<StoredEvent> changed = new ArrayList<>();
        if (room.reachesBackTo(since) && room.resolutions().replaced() <= since) {
            for (StateKey key : keysChanged(room, since)) {
                StoredEvent stored = base.get(key);
                if (stored != null && isNew(room, key, stored, since)) {
                    changed.add(stored);
                }
            }
        } else {
            base.forEach((key, stored) -> {
                if (isNew(room, key, stored, since)) {
                    changed.add(stored);
                }
            });
        }
        return new StateChanges(base, changed);
    }

    /** Whether an event has come into the state after a number. */
    private static boolean isNew(CachedRoom room, StateKey key, StoredEvent stored, long since) {
        StoredEvent now = room.state().get(key);
        boolean stands = now != null && now.number() == stored.number();
        return (stands ? room.since(stored) : stored.seq()) > since;
    }

    /**
     * The state before the timeline's events, or after them. An event that the timeline replaces is in it only if the
     * viewer sees that event, or was in the room while it was current. The client does not need it otherwise.
     */
    private static StateMap<StoredEvent> base(CachedRoom room, Timeline timeline, boolean after, Viewer viewer) {
        StateMap<StoredEvent> base = room.state();
        if (!after) {
            Set<Long> told = new HashSet<>();
            timeline.events().forEach(event -> told.add(event.stored().number()));
            for (TimelineEvent event : timeline.events().reversed()) {
                if (event.isState() && !isOvertaken(room, event, told)) {
                    base = CachedRoom.undo(base, event);
                    StoredEvent replaced = event.replaced();
                    if (replaced != null && !viewer.sees(replaced) && !viewer.wasJoinedBefore(event.seq())) {
                        base = base.without(
                                replaced.event().type(),
                                Objects.requireNonNull(replaced.event().stateKey()));
                    }
                }
            }
        }
        return base;
    }

    /** Whether a resolution has put something else into an event's place, which the timeline does not tell. */
    private static boolean isOvertaken(CachedRoom room, TimelineEvent event, Set<Long> told) {
        RoomEvent fact = event.stored().event();
        String stateKey = Objects.requireNonNull(fact.stateKey());
        StoredEvent now = room.state().get(fact.type(), stateKey);
        boolean decided = fact.outsideCurrentState() || room.resolutions().at(fact.type(), stateKey) > event.seq();
        return decided && (now == null || !told.contains(now.number()));
    }

    private static Set<StateKey> keysChanged(CachedRoom room, long since) {
        Set<StateKey> keys = new LinkedHashSet<>(room.resolutions().since(since));
        for (TimelineEvent event :
                room.window().subList(room.indexAfter(since), room.window().size())) {
            if (event.changesState()) {
                RoomEvent fact = event.stored().event();
                keys.add(new StateKey(fact.type(), Objects.requireNonNull(fact.stateKey())));
            }
        }
        return keys;
    }
}
