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
 * How many forward extremities a room may have. Other servers fork a room as often as they like, and where none of our
 * users may say that its ends are merged, nobody ends it; yet each change of the room rests on the states of all of them.
 */
public final class ForwardExtremities {

    /** One event of ours can come after so many, and so ends all forks. */
    public static final int MOST = EventLimits.MAX_PREV_EVENTS;

    private ForwardExtremities() {}

    /**
     * These, or fewer of them if there are too many: of those with the same state after them the newest are kept. The room's
     * state is the same then. If there are too many states, nothing can be left out.
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
     * Whether there would be too many states to go on from, after an event that ends none of the forks.
     *
     * @param covered events that it comes after
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
