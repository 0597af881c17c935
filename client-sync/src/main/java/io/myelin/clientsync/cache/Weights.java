package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.engine.Numbered;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Approximate weights on the heap, in bytes: those of the content, and what the JVM needs for the objects around them.
 */
final class Weights {
    /** The records of an event, its ID, its sender, the headers of its arrays. */
    static final int EVENT = 420;

    /** Its place in a state: a leaf, and a part of a branch. */
    static final int PLACE = 60;

    /** The content of what it replaced, and who sent that. */
    private static final int REPLACED = 100;

    /** A room's memberships of one user. */
    static final int MEMBERSHIP = 480;

    /** The type and the target of a relation. */
    private static final int RELATION = 200;

    private static final int FACT = 200;

    private Weights() {}

    static long of(RoomEvent event) {
        String stateKey = event.stateKey();
        return EVENT + event.body().length + event.type().length() + (stateKey == null ? 0 : stateKey.length());
    }

    static long of(@Nullable StoredEvent stored) {
        if (stored == null) {
            return 0;
        }
        byte[] before = stored.prevContent();
        RoomEvent because = stored.redactedBecause();
        return of(stored.event())
                + (before == null ? 0 : REPLACED + before.length)
                + (because == null ? 0 : of(because));
    }

    static long of(Numbered<RoomFact> fact) {
        return fact.fact() instanceof RoomEvent event ? of(event) : FACT;
    }

    /** A state. All its events count, even if other states share them. */
    static long of(StateMap<StoredEvent> state) {
        long[] sum = {0};
        state.forEach((_, stored) -> sum[0] += PLACE + of(stored));
        return sum[0];
    }

    /** A state as a list. */
    static long ofState(List<StoredEvent> state) {
        return state.stream().mapToLong(stored -> PLACE + of(stored)).sum();
    }

    /** A state that came from another by a few changes: what the two share is not weighed again. */
    static long changed(StateMap<StoredEvent> from, long weight, StateMap<StoredEvent> to) {
        if (from == to) {
            return weight;
        }
        long[] sum = {weight};
        from.differences(to, (_, before, after) -> {
            sum[0] -= before == null ? 0 : PLACE + of(before);
            sum[0] += after == null ? 0 : PLACE + of(after);
        });
        return sum[0];
    }

    /** An event with the event that it replaced. */
    static long of(TimelineEvent event) {
        return of(event.stored()) + of(event.replaced()) + (event.relation() == null ? 0 : RELATION);
    }

    /** A room's newest events. */
    static long of(List<TimelineEvent> window) {
        long sum = 0;
        for (TimelineEvent event : window) {
            sum += of(event);
        }
        return sum;
    }
}
