package io.myelin.roomserver.room;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.state.StateMap;

/**
 * A state of another server's room as far as it has come in: what it is made of, for the next piece to fit on.
 *
 * @param places the numbers of the events that it has
 */
public record StagedState(RoomId room, StateMap<Long> places) implements RoomEntity {}
