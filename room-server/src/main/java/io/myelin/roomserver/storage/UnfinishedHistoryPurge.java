package io.myelin.roomserver.storage;

import io.myelin.matrix.id.RoomId;

/**
 * The progress of a purge of a room's history that is not complete. As long as the purge stands still, this stays equal.
 *
 * @param created the number of the room
 * @param number the number of the purge
 * @param step which slice of the hidden events is looked at next
 */
public record UnfinishedHistoryPurge(RoomId room, long created, long number, int step) {}
