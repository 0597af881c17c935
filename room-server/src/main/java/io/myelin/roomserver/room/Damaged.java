package io.myelin.roomserver.room;

/** What cannot be read as it was written: nothing is decided that rests on it, so that it gets no worse. */
public record Damaged() implements RoomEntity {}
