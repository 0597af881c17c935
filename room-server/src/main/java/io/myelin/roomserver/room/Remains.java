package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import java.util.List;

/**
 * Some of what is left of a room that is gone.
 *
 * @param rows nothing if nothing is left
 * @param events the IDs of the events among them
 */
public record Remains(RoomRemains rows, List<EventId> events) implements RoomEntity {}
