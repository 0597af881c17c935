package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much work it is to resolve the states that a room has forked into: all events that they do not share are read at
 * once, and checked anew at each change. It is counted in bytes, of which each event has some however small it is.
 */
public final class Conflict {

    /** An event of another server fails softly if the room's forks would differ by more after it. */
    public static final long MOST = 8L << 20;

    /**
     * What is not resolved at all. It is more than {@link #MOST}, since what permits the events is not counted before it is
     * read, and since rooms of older releases may be beyond that.
     */
    public static final long MOST_RESOLVED = 16L << 20;

    private static final long EVENT = 1_024;

    private Conflict() {}

    /** Of an event. */
    public static long of(long bytes) {
        return EVENT + bytes;
    }

    /** Of two states. */
    static long between(RoomState one, RoomState other) {
        long[] sum = {0};
        one.events().differences(other.events(), (_, left, right) -> sum[0] += of(left) + of(right));
        return sum[0];
    }

    private static long of(@Nullable StateEvent event) {
        return event == null ? 0 : of(event.size());
    }

    /**
     * Whether an event would make the forks of a room differ by too much. One that ends them, or that changes no state, does
     * not.
     *
     * @param covered what it comes after
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
