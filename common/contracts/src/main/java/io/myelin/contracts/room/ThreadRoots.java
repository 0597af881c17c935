package io.myelin.contracts.room;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import java.util.List;

/**
 * Roots of threads, those with the newest events first.
 *
 * @param next where the next page begins: the place of the oldest event that was looked at
 * @param end whether there are no more
 */
public record ThreadRoots(List<StoredEvent> roots, RoomPlace next, boolean end) {
    /** How many events of threads are looked at for one answer. */
    public static final int MOST_WALKED = 2_000;
}
