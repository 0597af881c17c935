package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.QueriedPastStates;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A room's history as one user may read it. The states before events off the line are read before the events are shown.
 *
 * @param room as of the last event that they may see: now, or when they left
 * @param until the number of that event; {@code Long.MAX_VALUE} for now
 * @param past answers for events that are off the line
 * @param ignored users whose messages the user does not want
 */
public record RoomView(
        CachedRoom room, long until, Viewer viewer, QueriedPastStates past, Set<String> ignored, ErasedUsers erased) {

    public boolean sees(StoredEvent stored) {
        boolean isIgnored = !stored.event().isState()
                && ignored.contains(stored.event().sender().value());
        return stored.seq() <= until && !isIgnored && viewer.sees(stored);
    }

    /** Events that the user sees, as they are shown. */
    public List<StoredEvent> shown(List<StoredEvent> events) {
        erased.expect(events.stream()
                .filter(stored -> !"join".equals(viewer.membershipAt(stored)))
                .map(stored -> stored.event().sender())
                .toList());
        return events.stream().map(this::shown).toList();
    }

    public StoredEvent shown(StoredEvent stored) {
        return viewer.shown(stored, erased);
    }

    public StoredEvent shownAsState(StoredEvent stored) {
        return viewer.shownAsState(stored, erased);
    }

    public @Nullable String membershipAt(StoredEvent stored) {
        return viewer.membershipAt(stored);
    }
}
