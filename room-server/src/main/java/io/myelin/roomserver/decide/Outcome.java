package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the decisions that are not refusals. */
final class Outcome {

    private Outcome() {}

    /** The event is in the room. */
    static Decision<RoomEntity, RoomChange> sent(RoomEdit edit, Pdu event) {
        return sent(edit, event, Map.of());
    }

    /** The event is in the room, and the user entity has changed. */
    static Decision<RoomEntity, RoomChange> sent(RoomEdit edit, Pdu event, UserEntity user) {
        return sent(edit, event, null, user);
    }

    /**
     * The member event is in the room, and the user entity has changed.
     *
     * @param replaced as of {@link RoomAnswer.EventSent}
     */
    static Decision<RoomEntity, RoomChange> sent(
            RoomEdit edit, Pdu event, @Nullable RoomId replaced, UserEntity user) {
        return sent(edit, event, replaced, Map.of(EntityKey.of(user.user()), user));
    }

    /** The event is in the room, and another event has changed. */
    static Decision<RoomEntity, RoomChange> sent(RoomEdit edit, Pdu event, EventEntity other) {
        return sent(edit, event, Map.of(EntityKey.of(other.id()), other));
    }

    /** The event is in the room, and other entities have changed. */
    static Decision<RoomEntity, RoomChange> sent(RoomEdit edit, Pdu event, Map<String, RoomEntity> others) {
        return sent(edit, event, null, others);
    }

    private static Decision<RoomEntity, RoomChange> sent(
            RoomEdit edit, Pdu event, @Nullable RoomId replaced, Map<String, RoomEntity> others) {
        Map<String, RoomEntity> changes = new HashMap<>(others);
        changes.put(EntityKey.of(edit.room().id()), edit.room());
        return new Decision<>(
                changes,
                edit.facts(),
                Cbor.encode(new RoomAnswer.EventSent(event.eventId(), edit.position(), replaced)),
                true,
                List.of());
    }

    /** Nothing changes, because the state has this event already. */
    static Decision<RoomEntity, RoomChange> already(RoomEdit edit, StateEvent event) {
        return Decision.unchanged(Cbor.encode(
                new RoomAnswer.EventSent(edit.room().current().read(event).eventId(), edit.at(event.seq()))));
    }

    /** The position before a decision. */
    static Position before(Moment moment) {
        return new Position(moment.shard(), moment.incarnation(), moment.seq() - 1);
    }

    /** Nothing changes, because what was asked for is true already, as of the position. */
    static Decision<RoomEntity, RoomChange> already(RoomId room, Position at) {
        return Decision.unchanged(Cbor.encode(new RoomAnswer.Done(room, at)));
    }

    /** What was asked for is true from now on. */
    static Decision<RoomEntity, RoomChange> done(
            RoomId room, Map<String, RoomEntity> changes, List<RoomChange> facts, Position at, List<Order> orders) {
        return new Decision<>(changes, facts, Cbor.encode(new RoomAnswer.Done(room, at)), true, orders);
    }

    /** The room has changed as the edit says. */
    static Decision<RoomEntity, RoomChange> done(RoomEdit edit) {
        Room room = edit.room();
        return done(room.id(), Map.of(EntityKey.of(room.id()), room), edit.facts(), edit.position(), List.of());
    }
}
