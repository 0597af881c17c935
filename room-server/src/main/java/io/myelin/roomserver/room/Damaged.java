package io.myelin.roomserver.room;

/**
 * What cannot be read as it was written: nothing is decided that rests on it, so that it gets no worse.
 *
 * @param created of a room its number, by which it can still be purged; 0 for anything else, and if not even that can be read
 */
public record Damaged(long created) implements RoomEntity {}
