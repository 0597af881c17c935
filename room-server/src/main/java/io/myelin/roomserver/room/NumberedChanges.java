package io.myelin.roomserver.room;

import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.shard.Moment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes true of a room by one decision, with the numbers that it gets in the shard. */
final class NumberedChanges {

    private final Moment moment;
    private final List<RoomChange> changes = new ArrayList<>();

    /** Numbers of events that were outliers before this decision: it names the states after them. */
    private final Set<Long> promoted = new HashSet<>();

    NumberedChanges(Moment moment) {
        this.moment = moment;
    }

    void add(RoomChange change) {
        changes.add(change);
    }

    /** Adds what is published as it is. */
    void add(RoomFact fact) {
        changes.add(new RoomChange.Plain(fact));
    }

    List<RoomChange> all() {
        return List.copyOf(changes);
    }

    /** The number of the next change. */
    long next() {
        return moment.seq() + changes.size();
    }

    Position at(long seq) {
        return new Position(moment.shard(), moment.incarnation(), seq);
    }

    /** An event is cited by the number that it has, or by that of the next change. */
    long of(@Nullable EventEntity same) {
        if (same == null) {
            return next();
        }
        promoted.add(same.seq());
        return same.seq();
    }

    /** The number as a fact says it. */
    long unlessNext(long number) {
        return number == next() ? 0 : number;
    }

    /** Whether a state was named by this decision: nobody else knows it yet. */
    boolean isNew(long state) {
        return state >= moment.seq() || promoted.contains(state);
    }
}
