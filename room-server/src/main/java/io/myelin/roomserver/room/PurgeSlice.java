package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import java.util.List;

/**
 * A slice of the rows that are left of a purged room.
 *
 * @param rows empty if nothing is left
 * @param events the IDs of the events among them
 */
public record PurgeSlice(RoomRemains rows, List<EventId> events) implements RoomEntity {}
