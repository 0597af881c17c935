package io.myelin.clientsync.visibility;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What decides who sees what in states of long ago that were never the room's current one. One user's, in one room. */
public interface PastStates {

    /** The next questions are about the states before these. */
    void expect(List<StoredEvent> events);

    /** @param state its name */
    HistoryVisibility visibility(long state);

    /** The user's; {@code leave} where there was none. */
    String membership(long state);

    /** The same, if that needs no question. */
    @Nullable
    String membershipIfKnown(long state);
}
