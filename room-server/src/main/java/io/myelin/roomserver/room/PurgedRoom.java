package io.myelin.roomserver.room;

/**
 * A purged room of which some rows are still to be deleted. It is unknown to everybody, and its ID is not free yet.
 *
 * @param created the room's number
 * @param step which slice of its rows is deleted next
 */
public record PurgedRoom(long created, int step) implements RoomEntity {}
