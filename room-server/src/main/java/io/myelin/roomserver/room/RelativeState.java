package io.myelin.roomserver.room;

import io.myelin.matrix.state.StateKey;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import java.util.Map;
import java.util.Optional;

/**
 * A state of a room, or what several states resolve to, described relative to another state of the room.
 *
 * @param base the stored state that it is nearest to
 * @param difference how it differs from {@code base}; empty if it is that state
 * @param changes the places where it differs from the other state, with the event that it has there, if any
 * @param conflict how far the several states differ, see {@link Conflict}; 0 for a single one
 */
public record RelativeState(
        StateLayers base, EventNumbers difference, Map<StateKey, Optional<StateEvent>> changes, long conflict)
        implements RoomEntity {}
