package io.myelin.roomserver.room;

/** There is no room, alias or event under the key. */
public record Absent() implements RoomEntity {}
