package io.myelin.matrix.resolution;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.List;

/** Resolves the state of a room where branches of its event graph meet. Room versions, "State resolution". */
public final class StateResolution {
    private StateResolution() {}

    /**
     * Resolves these states by the algorithm of the room's version. The order of the states does not matter; states that
     * agree are resolved without asking {@code events}.
     *
     * @param states the room's states after each of an event's {@code prev_events}, at least one
     */
    public static StateMap<EventId> resolve(
            RoomVersion version, List<StateMap<EventId>> states, ResolutionEvents events) {
        Conflict conflict = Conflict.between(states);
        if (conflict.isNone()) {
            return conflict.unconflicted();
        }
        return switch (version.resolutionAlgorithm()) {
            case V1 -> new ResolutionV1(events).resolve(conflict);
            case V2, V2_1 -> new ResolutionV2(version.resolutionAlgorithm(), events).resolve(conflict);
        };
    }
}
