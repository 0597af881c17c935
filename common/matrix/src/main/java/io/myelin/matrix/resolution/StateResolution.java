package io.myelin.matrix.resolution;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.List;

/** The state of a room where branches of its graph meet. Room versions, "State resolution". */
public final class StateResolution {
    private StateResolution() {}

    /**
     * Resolves these states by the algorithm of the room's version. The same whatever order they come in; states that
     * agree are resolved without a question to {@code events}.
     *
     * @param states what the room's state is after each of an event's {@code prev_events}, at least one
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
