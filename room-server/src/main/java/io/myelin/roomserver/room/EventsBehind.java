package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import java.util.Map;
import java.util.Set;

/**
 * Of events that are none of the room, being rejected or soft-failed, the nearest events of the room that they come after.
 * Another server may have sent any number of such events, one after another: what is further behind than a walk of
 * {@link #MOST_LEVELS} steps and {@link #MOST_EVENTS} events is not found, and stays a forward extremity if it was one.
 *
 * @param nearest by the number of the event that is none of the room
 * @param beforeUnknown those of the events that come after one which is not known, or is an outlier
 */
public record EventsBehind(Map<Long, Set<EventId>> nearest, Set<Long> beforeUnknown) implements RoomEntity {

    /** How many events away is looked for. Each step is one query. */
    public static final int MOST_LEVELS = 50;

    /** How many events are walked through. */
    public static final int MOST_EVENTS = 500;

    /** Nothing is behind anything. */
    public static final EventsBehind NONE = new EventsBehind(Map.of(), Set.of());

    public Set<EventId> of(long event) {
        return nearest.getOrDefault(event, Set.of());
    }
}
