package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.visibility.Viewer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The newest events of a room that one answer tells.
 *
 * @param events oldest first
 * @param limited whether there are more between what the client knows and the first of these
 * @param start the place before the first of them: {@code prev_batch}
 */
public record Timeline(List<TimelineEvent> events, boolean limited, long start) {

    /**
     * @param after the number up to which the client knows the room
     * @param wanted whether the client wants to see an event, and may see it
     */
    public static Timeline of(CachedRoom room, long after, int limit, Predicate<TimelineEvent> wanted) {
        List<TimelineEvent> newestFirst = new ArrayList<>();
        List<TimelineEvent> window = room.window();
        for (int i = window.size() - 1; i >= 0 && window.get(i).seq() > after; i--) {
            TimelineEvent event = window.get(i);
            if (wanted.test(event)) {
                if (newestFirst.size() == limit) {
                    return new Timeline(
                            List.copyOf(newestFirst.reversed()),
                            true,
                            window.get(i).seq());
                }
                newestFirst.add(event);
            }
        }
        boolean cutOff = !room.reachesBackTo(after);
        long start = cutOff ? room.windowStart() - 1 : after;
        return new Timeline(List.copyOf(newestFirst.reversed()), cutOff, start);
    }

    public static Timeline only(TimelineEvent event) {
        return new Timeline(List.of(event), false, event.seq() - 1);
    }

    /** The timeline with its events as a viewer is shown them. */
    public Timeline shownTo(Viewer viewer, ErasedUsers erased) {
        erased.expect(events.stream()
                .map(TimelineEvent::stored)
                .filter(stored -> !"join".equals(viewer.membershipAt(stored)))
                .map(stored -> stored.event().sender())
                .toList());
        List<TimelineEvent> shown = events.stream()
                .map(event -> event.shownAs(viewer.shown(event.stored(), erased)))
                .toList();
        return new Timeline(shown, limited, start);
    }

    public Timeline asLimited() {
        return new Timeline(events, true, start);
    }
}
