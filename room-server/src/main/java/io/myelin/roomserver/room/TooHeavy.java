package io.myelin.roomserver.room;

/**
 * A room that is not made of its rows, since it would need more memory than there is for all: whoever needs it is told so.
 *
 * @param weight what it would need at least, in bytes
 */
public record TooHeavy(long weight) implements RoomEntity {}
