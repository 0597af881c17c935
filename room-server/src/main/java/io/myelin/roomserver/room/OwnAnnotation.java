package io.myelin.roomserver.room;

/**
 * Whether a user of this server has annotated an event in some way, such as by a reaction.
 *
 * @param isThere false too if the annotation was redacted
 */
public record OwnAnnotation(boolean isThere) implements RoomEntity {}
