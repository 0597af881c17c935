package io.myelin.roomserver.room;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.state.StateMap;

/**
 * The part of a state of another server's room that has arrived so far; the next piece is added to it.
 *
 * @param places the number of the event at each place
 */
public record StagedState(RoomId room, StateMap<Long> places) implements RoomEntity {}
