package io.myelin.clientsync.visibility;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Visibility and membership in past states that were never the room's current one, for one user in one room. They
 * decide what the user sees.
 */
public interface PastStates {

    /** Prepares for questions about the states before these events. */
    void expect(List<StoredEvent> events);

    /** @param state its name */
    HistoryVisibility visibility(long state);

    /** The user's membership; {@code leave} if there was none. */
    String membership(long state);

    /** The user's membership if it is known already; else null. */
    @Nullable
    String membershipIfKnown(long state);
}
