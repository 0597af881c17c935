package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.engine.Numbered;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.state.StateMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Applies a resolution of its state to a cached room. The log only names the events that the state has now; most often
 * they have just come, and are in the window.
 */
final class RoomResolution {

    private RoomResolution() {}

    /** Whether the cached room has all events that the resolution puts into the state. */
    static boolean isKnown(CachedRoom room, StateResolved resolved) {
        Map<Long, StoredEvent> known = known(room);
        return resolved.changes().stream().allMatch(change -> change.event() == 0 || known.containsKey(change.event()));
    }

    static CachedRoom apply(CachedRoom room, Numbered<StateResolved> next) {
        Map<Long, StoredEvent> known = known(room);
        StateMap<StoredEvent> state = room.state();
        MemberCounts counts = room.counts();
        for (StateChange change : next.fact().changes()) {
            StoredEvent before = state.get(change.type(), change.stateKey());
            StoredEvent after = known.get(change.event());
            state = after == null
                    ? state.without(change.type(), change.stateKey())
                    : state.with(change.type(), change.stateKey(), after);
            if (change.type().equals(EventTypes.MEMBER)) {
                counts = counts.replace(before, after);
            }
        }
        return room.resolved(state, counts, room.resolutions().with(next));
    }

    private static Map<Long, StoredEvent> known(CachedRoom room) {
        Map<Long, StoredEvent> known = new HashMap<>();
        for (TimelineEvent event : room.window()) {
            StoredEvent replaced = event.replaced();
            known.put(event.stored().number(), event.stored());
            if (replaced != null) {
                known.putIfAbsent(replaced.number(), replaced);
            }
        }
        return known;
    }
}
