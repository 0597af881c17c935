package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a room's purged history: what of it is to be deleted.
 *
 * @param events the numbers of the events to delete
 * @param ids their IDs
 * @param extremities the numbers of those among them that are backward extremities
 * @param logged the numbers of the facts that the log then has no more
 * @param last the place of the last event that was looked at; null if there was none left
 */
public record HistorySlice(
        List<Long> events,
        List<EventId> ids,
        List<Long> extremities,
        List<Long> logged,
        @Nullable RoomPlace last)
        implements RoomEntity {

    public static final HistorySlice NOTHING = new HistorySlice(List.of(), List.of(), List.of(), List.of(), null);
}
