package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.StageState;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StagedState;
import io.myelin.roomserver.state.EventNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stages a state of another server's room that is too large for one command. Each piece is stored as a difference from the
 * one before it. A staged state does not become current until an event comes with it.
 */
final class StageStateDecision {

    List<Handler<?>> handlers() {
        return List.of(Handler.of(StageState.class, StageStateDecision::keys, StageStateDecision::decide));
    }

    private static List<String> keys(StageState command) {
        List<String> keys = new ArrayList<>();
        keys.add(EntityKey.of(command.room()));
        if (command.base() != 0) {
            keys.add(EntityKey.ofStage(command.base()));
        }
        command.events().stream().distinct().map(EntityKey::of).forEach(keys::add);
        return keys;
    }

    private static Decision<RoomEntity, RoomChange> decide(Known known, StageState command, Moment moment) {
        Room room = known.find(command.room())
                .orElseThrow(() -> new Refusal(MatrixError.notFound("There is no such room.")));
        if (!room.version().id().equals(command.version())) {
            throw new Refusal(MatrixError.invalidParam("The room has version " + room.version() + "."));
        }
        if (command.events().size() > StageState.MOST_EVENTS) {
            throw new Refusal(MatrixError.invalidParam("A piece has at most " + StageState.MOST_EVENTS + " events."));
        }
        StateMap<Long> before = command.base() == 0
                ? StateMap.empty()
                : known.stagedState(room, command.base()).places();
        List<EventId> unknown = command.events().stream()
                .distinct()
                .filter(event -> known.event(event).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            return Decision.refused(Cbor.encode(new RoomAnswer.EventsUnknown(unknown)));
        }
        StateMap<Long> after = before;
        List<Long> added = new ArrayList<>();
        for (EventId id : command.events()) {
            EventEntity event = known.event(id).orElseThrow();
            StateKey place = placeOf(event, room);
            Long there = after.get(place);
            if (there == null) {
                after = after.with(place, event.seq());
                added.add(event.seq());
            } else if (there != event.seq()) {
                throw new Refusal(MatrixError.invalidParam("Another event has the place of " + id + " already."));
            }
        }
        return added.isEmpty() && command.base() != 0
                ? Decision.unchanged(answer(command.base()))
                : staged(room, command.base(), added, after, moment.seq());
    }

    private static StateKey placeOf(EventEntity event, Room room) {
        if (!event.room().equals(room.id())) {
            throw new Refusal(MatrixError.invalidParam("The event " + event.id() + " is of another room."));
        }
        if (event.stateKey() == null) {
            throw new Refusal(MatrixError.invalidParam("The event " + event.id() + " is no state event."));
        }
        if (event.wasRejected()) {
            throw new Refusal(MatrixError.invalidParam("The event " + event.id() + " was rejected."));
        }
        return event.pdu().key();
    }

    private static Decision<RoomEntity, RoomChange> staged(
            Room room, long base, List<Long> added, StateMap<Long> places, long name) {
        byte[] numbers = EventNumbers.of(added).toBytes();
        return new Decision<>(
                Map.of(EntityKey.ofStage(name), new StagedState(room.id(), places)),
                List.of(new RoomChange.Plain(
                        new RoomFact.StateDifference(room.id(), room.created(), name, base, 0, 1, numbers))),
                answer(name),
                true,
                List.of());
    }

    private static byte[] answer(long state) {
        return Cbor.encode(new RoomAnswer.StateStaged(state));
    }
}
