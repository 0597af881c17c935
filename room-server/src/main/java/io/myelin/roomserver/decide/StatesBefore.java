package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.event.EventTypes;
import io.myelin.roomserver.receive.Work;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.RelativeState;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The states before the events of a command. */
final class StatesBefore {

    private final Known known;

    /** The committed current state, which resolved states are relative to. */
    private final RoomState committed;

    /** The states after the events taken so far, by name. A chain of events needs no other states. */
    private final Map<Long, RoomState> after = new HashMap<>();

    private final Work work;

    StatesBefore(Known known, Optional<Room> room, Work work) {
        this.known = known;
        this.work = work;
        committed = room.map(Room::current).orElse(RoomState.EMPTY);
    }

    void take(EventEntity event, RoomState before) {
        boolean changes = event.stateAfter() != before.name();
        after.put(
                event.stateAfter(),
                changes
                        ? before.readBy(known.stateEvents())
                                .after(event.seq(), event.read())
                                .state()
                        : before);
    }

    /**
     * The names of the states that resolve to the state before an event.
     *
     * @param given the name of a state that came with the event; null for none
     * @throws Refusal if the given state lacks the room's create event
     */
    Set<Long> names(Room room, List<EventEntity> prevEvents, @Nullable Long given) {
        return given == null
                ? prevEvents.stream().map(EventEntity::stateAfter).collect(Collectors.toSet())
                : Set.of(whole(room, given));
    }

    private long whole(Room room, long state) {
        Long create = known.stagedState(room, state).places().get(EventTypes.CREATE, "");
        if (create == null || create != room.created()) {
            throw new Refusal(MatrixError.invalidParam("The state that is given lacks the room's create event."));
        }
        return state;
    }

    /**
     * Whether both the current state and these can be had now. States of this decision cannot be resolved before they are
     * committed.
     */
    boolean canResolveNow(RoomEdit edit, Set<Long> names) {
        return edit.room().isSettled()
                && (edit.room().isCurrent(names)
                        || isOfOneChain(names)
                        || names.stream().noneMatch(edit::isOfThisDecision));
    }

    private boolean isOfOneChain(Set<Long> names) {
        return names.size() == 1 && after.keySet().containsAll(names);
    }

    RoomState resolve(RoomEdit edit, Set<Long> names) {
        if (names.isEmpty()) {
            return RoomState.EMPTY;
        }
        if (edit.room().isCurrent(names)) {
            return edit.room().current();
        }
        if (isOfOneChain(names)) {
            return Objects.requireNonNull(after.get(names.iterator().next()));
        }
        RelativeState state = known.state(edit.room(), names, committed.name());
        work.charge(Work.PLACE_CHANGED * state.changes().size());
        return edit.named(state, committed);
    }
}
