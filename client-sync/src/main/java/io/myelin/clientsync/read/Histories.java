package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.QueriedPastStates;
import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.WindowHistory;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.ValueHistory;
import io.myelin.clientsync.visibility.ValueHistory.Change;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Visibility and membership over the whole of a room's history, which decide what a user sees. Mostly they come from
 * the cached room, else from room-server.
 */
public final class Histories {
    private final RoomLoader loader;

    public Histories(RoomLoader loader) {
        this.loader = loader;
    }

    /** @param past answers for events that are off the room's line */
    Viewer viewer(CachedRoom room, UserId user, QueriedPastStates past) {
        if (room.complete()) {
            // Its window reaches back to the beginning.
            return WindowHistory.viewer(room, user, loader, past);
        }
        return new Viewer(
                user,
                history(room, EventTypes.HISTORY_VISIBILITY, "", WindowHistory::visibility),
                history(room, EventTypes.MEMBER, user.value(), EventContent::membership),
                past);
    }

    /** A viewer who never had a membership in the room, or has forgotten it. */
    Viewer stranger(CachedRoom room, QueriedPastStates past) {
        return Viewer.stranger(history(room, EventTypes.HISTORY_VISIBILITY, "", WindowHistory::visibility), past);
    }

    QueriedPastStates past(CachedRoom room, UserId user) {
        return new QueriedPastStates(loader, room, user);
    }

    private ValueHistory history(
            CachedRoom room, String type, String stateKey, Function<@Nullable StoredEvent, String> value) {
        StoredEvent now = room.state().get(type, stateKey);
        if (room.resolutions().at(type, stateKey) != 0
                || now != null && now.event().replaces() != 0) {
            return WindowHistory.whole(room, type, stateKey, loader, value);
        }
        return now == null
                ? ValueHistory.always(value.apply(null))
                : new ValueHistory(value.apply(null), List.of(new Change(room.since(now), value.apply(now))));
    }
}
