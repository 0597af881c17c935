package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cost of resolving the states that a room has forked into. Resolution reads all events that the states do not share at
 * once, and checks them anew at each change. The cost is counted in bytes; each event adds a fixed amount to its size.
 */
public final class Conflict {

    /** An event of another server fails softly if the room's forks would differ by more after it. */
    public static final long MOST = 8L << 20;

    /**
     * States that differ by more than this are not resolved at all. The limit is above {@link #MOST} because the events that
     * permit others are not counted before they are read, and because rooms of older releases may be beyond {@link #MOST}.
     */
    public static final long MOST_RESOLVED = 16L << 20;

    private static final long EVENT = 1_024;

    private Conflict() {}

    /** The cost of an event. */
    public static long of(long bytes) {
        return EVENT + bytes;
    }

    /** The cost of the events that two states do not share. */
    static long between(RoomState one, RoomState other) {
        long[] sum = {0};
        one.events().differences(other.events(), (_, left, right) -> sum[0] += of(left) + of(right));
        return sum[0];
    }

    private static long of(@Nullable StateEvent event) {
        return event == null ? 0 : of(event.size());
    }

    /**
     * Whether an event would make the forks of a room differ by too much. An event that ends the forks, or that changes no
     * state, does not.
     *
     * @param covered the events that it comes after
     * @param before the state before it
     * @param stateAfter names the state after it
     * @param bytes of the event
     */
    public static boolean exceeds(Room room, Set<EventId> covered, RoomState before, long stateAfter, long bytes) {
        Set<Long> others = states(room.extremities().stream()
                .filter(extremity -> !covered.contains(extremity.id()))
                .toList());
        boolean isFork = others.stream().anyMatch(state -> state != stateAfter);
        return isFork
                && !states(room.extremities()).contains(stateAfter)
                && room.conflict() + between(before, room.current()) + of(bytes) > MOST;
    }

    private static Set<Long> states(Collection<ForwardExtremity> extremities) {
        return extremities.stream().map(ForwardExtremity::stateAfter).collect(Collectors.toSet());
    }
}
