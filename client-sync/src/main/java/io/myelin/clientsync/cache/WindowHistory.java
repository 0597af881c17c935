package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.PastStates;
import io.myelin.clientsync.visibility.ValueHistory;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a user may see of a room's window, found in the window itself; room-server says it of what was resolved there. */
public final class WindowHistory {

    private WindowHistory() {}

    /** @param past for what is off the room's line */
    public static Viewer viewer(CachedRoom room, UserId user, RoomLoader loader, PastStates past) {
        return new Viewer(
                user,
                history(room, EventTypes.HISTORY_VISIBILITY, "", loader, WindowHistory::visibility),
                history(room, EventTypes.MEMBER, user.value(), loader, EventContent::membership),
                past,
                room.window().isEmpty() && !room.complete() ? Long.MAX_VALUE : room.windowStart(),
                Long.MAX_VALUE);
    }

    /** The same of all of a room's history, by asking for it. */
    public static ValueHistory whole(
            CachedRoom room,
            String type,
            String stateKey,
            RoomLoader loader,
            Function<@Nullable StoredEvent, String> value) {
        List<ValueHistory.Change> changes = loader.history(room, type, stateKey).stream()
                .map(since -> new ValueHistory.Change(since.seq(), value.apply(since.event())))
                .toList();
        return new ValueHistory(value.apply(null), changes);
    }

    public static String visibility(@Nullable StoredEvent stored) {
        String value = stored == null ? null : EventContent.string(stored.event(), "history_visibility");
        return value == null ? "shared" : value;
    }

    private static ValueHistory history(
            CachedRoom room,
            String type,
            String stateKey,
            RoomLoader loader,
            Function<@Nullable StoredEvent, String> value) {
        if (room.resolutions().at(type, stateKey) > room.windowStart()) {
            return whole(room, type, stateKey, loader, value);
        }
        StoredEvent now = room.state().get(type, stateKey);
        if (now == null
                || room.window().isEmpty()
                || room.since(now) < room.window().getFirst().seq()) {
            return ValueHistory.always(value.apply(now));
        }
        StoredEvent first = null;
        List<ValueHistory.Change> changes = new ArrayList<>();
        for (TimelineEvent event : room.window()) {
            var fact = event.stored().event();
            if (event.changesState() && fact.type().equals(type) && stateKey.equals(fact.stateKey())) {
                if (changes.isEmpty()) {
                    first = event.replaced();
                }
                changes.add(new ValueHistory.Change(event.seq(), value.apply(event.stored())));
            }
        }
        return new ValueHistory(value.apply(first), changes);
    }
}
