package io.myelin.roomserver.room;

/**
 * The history that was found before a live event.
 *
 * @param lowest how far down its places go; 0 if there is none
 */
public record HistoryBefore(int lowest) implements RoomEntity {}
