package io.myelin.roomserver.room;

/**
 * A room that is gone, but for rows that are still to go: nobody knows it, and nobody may have its ID yet.
 *
 * @param created its number
 * @param step which slice of its rows goes next
 */
public record PurgedRoom(long created, int step) implements RoomEntity {}
