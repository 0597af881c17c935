package io.myelin.roomserver.room;

import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import java.util.Map;
import java.util.Optional;

/**
 * What several states resolve to, or a single one is, told from another state of the room.
 *
 * @param base the state that it is nearest to
 * @param difference what it differs from {@code base} by; nothing if it is that state
 * @param changes the places where it has another event than the other state, or none
 */
public record RelativeState(StateLayers base, EventNumbers difference, Map<StateKey, Optional<StateEvent>> changes)
        implements RoomEntity {

    /** The other state with the changes. */
    public StateMap<StateEvent> appliedTo(StateMap<StateEvent> other) {
        StateMap<StateEvent> changed = other;
        for (Map.Entry<StateKey, Optional<StateEvent>> change : changes.entrySet()) {
            changed = change.getValue().isPresent()
                    ? changed.with(change.getKey(), change.getValue().get())
                    : changed.without(change.getKey());
        }
        return changed;
    }
}
