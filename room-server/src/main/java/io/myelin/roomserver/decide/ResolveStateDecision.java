package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomCommand.ResolveState;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.ForwardExtremity;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tidies up a room that has forked: it gets one current state, which {@link StateSettlement} has made before this decision, and
 * few forward extremities. If there are too many, some are merged by an {@code org.matrix.dummy_event} of one of our users.
 */
final class ResolveStateDecision {

    private final EventSigner signer;

    ResolveStateDecision(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(ResolveState.class, Handler::room, this::decide).settlingFirst());
    }

    static Order order(RoomId room, Moment moment) {
        return new Order(RoomTopics.INPUT.name(), moment.shard(), Cbor.encode(new ResolveState(room)));
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, ResolveState command, Moment moment) {
        Optional<Room> found = known.find(command.room());
        if (found.isEmpty()) {
            return Outcome.done(command.room(), Map.of(), List.of(), Outcome.before(moment), List.of());
        }
        RoomEdit edit = new RoomEdit(found.get(), signer, moment);
        if (found.get().hasTooManyExtremities()) {
            merge(known, edit);
        }
        Room room = edit.room();
        boolean goesOn = !edit.facts().isEmpty() && (room.hasTooManyExtremities() || !room.isSettled());
        return Outcome.done(
                room.id(),
                Map.of(EntityKey.of(room.id()), room),
                edit.facts(),
                edit.position(),
                goesOn ? List.of(order(room.id(), moment)) : List.of());
    }

    private void merge(Known known, RoomEdit edit) {
        Room room = edit.room();
        List<ForwardExtremity> some = room.extremities().subList(0, Room.MOST_PREV_EVENTS);
        Set<Long> states = some.stream().map(ForwardExtremity::stateAfter).collect(Collectors.toSet());
        RoomState before = room.isCurrent(states)
                ? room.current()
                : edit.named(known.state(room, states, room.current().name()), room.current());
        UserId sender = whoMaySay(before);
        if (sender != null) {
            edit.merge(sender, some, before);
        }
    }

    /** One of our users who is in the room and may send the merging event; null if there is none. */
    private @Nullable UserId whoMaySay(RoomState state) {
        List<UserId> ours = new ArrayList<>();
        state.events().forEach(EventTypes.MEMBER, (user, member) -> {
            UserId.tryParse(user)
                    .filter(id -> member.isJoined() && id.serverName().equals(signer.server()))
                    .ifPresent(ours::add);
        });
        Pdu create = Objects.requireNonNull(state.get(EventTypes.CREATE, ""));
        PowerLevels levels = PowerLevels.of(create, state.get(EventTypes.POWER_LEVELS, ""));
        return ours.stream()
                .filter(user -> levels.maySend(user, EventTypes.DUMMY, false))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
