package io.myelin.roomserver.room;

/**
 * An entity whose rows cannot be read. Nothing is decided that depends on it, so that the damage does not spread.
 *
 * @param created the number of a room, by which it can still be purged; 0 for other entities, and if the number cannot be
 *     read either
 */
public record Damaged(long created) implements RoomEntity {}
