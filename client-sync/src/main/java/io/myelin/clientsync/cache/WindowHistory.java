package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.ValueHistory;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a user may see of a room's window, found in the window itself. */
public final class WindowHistory {

    private WindowHistory() {}

    public static Viewer viewer(CachedRoom room, UserId user) {
        return new Viewer(
                user,
                history(room, EventTypes.HISTORY_VISIBILITY, "", WindowHistory::visibility),
                history(room, EventTypes.MEMBER, user.value(), EventContent::membership));
    }

    private static String visibility(@Nullable StoredEvent stored) {
        String value = stored == null ? null : EventContent.string(stored.event(), "history_visibility");
        return value == null ? "shared" : value;
    }

    private static ValueHistory history(
            CachedRoom room, String type, String stateKey, Function<@Nullable StoredEvent, String> value) {
        StoredEvent now = room.state().get(type, stateKey);
        if (now == null
                || room.window().isEmpty()
                || now.seq() < room.window().getFirst().seq()) {
            return ValueHistory.always(value.apply(now));
        }
        StoredEvent first = null;
        List<ValueHistory.Change> changes = new ArrayList<>();
        for (TimelineEvent event : room.window()) {
            var fact = event.stored().event();
            if (fact.type().equals(type) && stateKey.equals(fact.stateKey())) {
                if (changes.isEmpty()) {
                    first = event.replaced();
                }
                changes.add(new ValueHistory.Change(event.seq(), value.apply(event.stored())));
            }
        }
        return new ValueHistory(value.apply(first), changes);
    }
}
