package io.myelin.roomserver.room;

import io.myelin.matrix.id.UserId;

/**
 * A room that nobody of this server may join or be invited to. It need not be known here.
 *
 * @param by the administrator who blocked it
 */
public record BlockedRoom(UserId by) implements RoomEntity {}
