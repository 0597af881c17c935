package io.myelin.roomserver.room;

import io.myelin.matrix.event.EventLimits;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many forward extremities a room may have. Other servers can fork a room as often as they like, and the forks remain as
 * long as none of our users may send an event that merges them. Yet each change of the room depends on the states after all
 * of them.
 */
public final class ForwardExtremities {

    /** One event can come after this many, so one event of ours ends all forks. */
    public static final int MOST = EventLimits.MAX_PREV_EVENTS;

    private ForwardExtremities() {}

    /**
     * The extremities, reduced to {@link #MOST} if there are more. Of those with the same state after them, the newest is
     * always kept, so the room's state stays the same. The newest of the others fill up the rest.
     */
    static List<ForwardExtremity> pruned(List<ForwardExtremity> extremities) {
        if (extremities.size() <= MOST) {
            return List.copyOf(extremities);
        }
        Set<Long> states = new HashSet<>();
        List<ForwardExtremity> newestOfState = new ArrayList<>();
        List<ForwardExtremity> others = new ArrayList<>();
        extremities.stream()
                .sorted(Comparator.comparingLong(ForwardExtremity::seq).reversed())
                .forEach(extremity -> (states.add(extremity.stateAfter()) ? newestOfState : others).add(extremity));
        Set<ForwardExtremity> kept = new HashSet<>(newestOfState);
        others.stream().limit(Math.max(0, MOST - kept.size())).forEach(kept::add);
        return extremities.stream().filter(kept::contains).toList();
    }

    /**
     * Whether an event would leave the room with more than {@link #MOST} different states after its forward extremities, and
     * with more than before.
     *
     * @param covered the events that it comes after
     * @param stateAfter names the state after it; any name that no other state has, if it has none yet
     */
    public static boolean exceed(List<ForwardExtremity> extremities, Set<EventId> covered, long stateAfter) {
        Set<Long> states = extremities.stream()
                .filter(extremity -> !covered.contains(extremity.id()))
                .map(ForwardExtremity::stateAfter)
                .collect(Collectors.toSet());
        int before = (int) extremities.stream()
                .map(ForwardExtremity::stateAfter)
                .distinct()
                .count();
        states.add(stateAfter);
        return states.size() > MOST && states.size() > before;
    }
}
