package io.myelin.roomserver.room;

/**
 * A room that is not loaded because it would need more memory than all entities together may take. Commands that need it are
 * refused.
 *
 * @param weight what it would need at least, in bytes
 */
public record TooHeavy(long weight) implements RoomEntity {}
