package io.myelin.roomserver.room;

import java.util.List;

/**
 * Where a room goes on, unless it goes on from one event and the state after it.
 *
 * @param extremities the numbers of the forward extremities
 * @param state names the room's current state
 * @param resolved names the states that it was resolved from
 */
public record RoomHead(List<Long> extremities, long state, List<Long> resolved) {}
