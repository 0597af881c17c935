package io.myelin.roomserver.storage;

import io.myelin.matrix.id.RoomId;

/**
 * The progress of a purge that is not complete. As long as the purge stands still, this stays equal.
 *
 * @param created the number of the room
 * @param gone whether the room is unknown already and its rows are being deleted
 * @param step which slice of its rows is deleted next
 * @param joined how many users are still joined
 * @param noted whether it is a shutdown, which was noted just before it began
 */
public record UnfinishedPurge(RoomId room, long created, boolean gone, int step, long joined, boolean noted) {}
