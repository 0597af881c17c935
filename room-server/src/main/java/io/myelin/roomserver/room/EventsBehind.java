package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import java.util.Map;
import java.util.Set;

/**
 * For events that have no place in the room (such as rejected or soft-failed ones), the nearest events of the room that they
 * come after. Another server may send any number of such events, one after another, so the walk ends after {@link
 * #MOST_LEVELS} steps or {@link #MOST_EVENTS} events. An event further back is not found, and stays a forward extremity if
 * it was one.
 *
 * @param nearest by the number of the event that has no place in the room
 * @param beforeUnknown the numbers of those events that come after an unknown event or an outlier
 */
public record EventsBehind(Map<Long, Set<EventId>> nearest, Set<Long> beforeUnknown) implements RoomEntity {

    /** How many steps the walk goes back. Each step is one query. */
    public static final int MOST_LEVELS = 50;

    /** How many events the walk visits. */
    public static final int MOST_EVENTS = 500;

    /** The result of a walk that finds nothing. */
    public static final EventsBehind NONE = new EventsBehind(Map.of(), Set.of());

    public Set<EventId> of(long event) {
        return nearest.getOrDefault(event, Set.of());
    }
}
