package io.myelin.roomserver.room;

import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.shard.Moment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The changes that one decision makes to a room, with their numbers in the shard. */
final class NumberedChanges {

    private final Moment moment;
    private final List<RoomChange> changes = new ArrayList<>();

    /** The numbers of events that were outliers before this decision, which names the states after them. */
    private final Set<Long> promoted = new HashSet<>();

    NumberedChanges(Moment moment) {
        this.moment = moment;
    }

    void add(RoomChange change) {
        changes.add(change);
    }

    /** Adds a fact that is published as it is. */
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

    /** The number of an event: the one that it has already, or that of the next change. */
    long of(@Nullable EventEntity same) {
        if (same == null) {
            return next();
        }
        promoted.add(same.seq());
        return same.seq();
    }

    /** The number as a fact has it: 0 stands for the fact's own number. */
    long unlessNext(long number) {
        return number == next() ? 0 : number;
    }

    /** Whether this decision named the state, so that it is not stored yet. */
    boolean isNew(long state) {
        return state >= moment.seq() || promoted.contains(state);
    }
}
