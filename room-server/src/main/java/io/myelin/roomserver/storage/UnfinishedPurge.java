package io.myelin.roomserver.storage;

import io.myelin.matrix.id.RoomId;

/**
 * How far a purge is that has not come to its end. One that stands still is the same whenever it is looked at.
 *
 * @param created the number of the room
 * @param gone whether the room is unknown already, and its rows go
 * @param step which slice of its rows goes next
 * @param joined how many memberships of joined users are left
 */
public record UnfinishedPurge(RoomId room, long created, boolean gone, int step, long joined) {}
