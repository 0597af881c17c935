package io.myelin.roomserver.room;

import io.myelin.matrix.state.StateKey;
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
 * @param conflict how far the several states differ, see {@link Conflict}; 0 for a single one
 */
public record RelativeState(
        StateLayers base, EventNumbers difference, Map<StateKey, Optional<StateEvent>> changes, long conflict)
        implements RoomEntity {}
