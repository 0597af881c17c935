package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The state that a client needs beside a timeline.
 *
 * @param base before the timeline's events (those that are told, whatever a filter kept back), or after them
 * @param changed those entries of it that the client does not know yet
 */
public record StateChanges(StateMap<StoredEvent> base, List<StoredEvent> changed) {

    /** Everything. */
    public static StateChanges full(CachedRoom room, Timeline timeline, boolean after) {
        StateMap<StoredEvent> base = base(room, timeline, after);
        List<StoredEvent> all = new ArrayList<>(base.size());
        base.forEach((_, stored) -> all.add(stored));
        return new StateChanges(base, all);
    }

    /** What changed after a number. */
    public static StateChanges since(CachedRoom room, Timeline timeline, boolean after, long since) {
        StateMap<StoredEvent> base = base(room, timeline, after);
        List<StoredEvent> changed = new ArrayList<>();
        if (room.reachesBackTo(since)) {
            for (StateKey key : keysChanged(room, since)) {
                StoredEvent stored = base.get(key);
                if (stored != null && stored.seq() > since) {
                    changed.add(stored);
                }
            }
        } else {
            base.forEach((_, stored) -> {
                if (stored.seq() > since) {
                    changed.add(stored);
                }
            });
        }
        return new StateChanges(base, changed);
    }

    private static StateMap<StoredEvent> base(CachedRoom room, Timeline timeline, boolean after) {
        StateMap<StoredEvent> base = room.state();
        if (!after) {
            for (TimelineEvent event : timeline.events().reversed()) {
                base = CachedRoom.undo(base, event);
            }
        }
        return base;
    }

    private static Set<StateKey> keysChanged(CachedRoom room, long since) {
        Set<StateKey> keys = new LinkedHashSet<>();
        for (TimelineEvent event :
                room.window().subList(room.indexAfter(since), room.window().size())) {
            if (event.isState()) {
                RoomEvent fact = event.stored().event();
                keys.add(new StateKey(fact.type(), Objects.requireNonNull(fact.stateKey())));
            }
        }
        return keys;
    }
}
