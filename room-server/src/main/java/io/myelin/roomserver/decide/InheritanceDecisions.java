package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.room.RoomCommand.HandOver;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sees to it that what our users have set for a room follows them into its replacement. The decision that lets a user into a room
 * with a predecessor orders {@link HandOver} of the predecessor's shard, in the same transaction. There the room's tombstone
 * must name the replacement, for anybody can claim that their room replaces another one; then account-server is ordered to {@link
 * InheritRoom}. Client-server API, "Room Upgrades".
 */
final class InheritanceDecisions {
    private final ServerName ours;
    private final int shardCount;

    InheritanceDecisions(ServerName ours, int shardCount) {
        this.ours = ours;
        this.shardCount = shardCount;
    }

    List<Handler<?>> handlers() {
        return List.of(Handler.of(HandOver.class, Handler::room, this::handOver).settlingFirst());
    }

    /** The room that a room says it replaces. */
    static Optional<RoomId> predecessor(Room room) {
        Pdu create = room.get(EventTypes.CREATE, "");
        return create == null
                ? Optional.empty()
                : create.content()
                        .object("predecessor")
                        .flatMap(predecessor -> predecessor.string("room_id"))
                        .flatMap(RoomId::tryParse)
                        .filter(from -> !from.equals(room.id()));
    }

    /** The orders that follow from a decision: one for each of our users whom it lets into a room with a predecessor. */
    List<Order> following(Known known, Decision<RoomEntity, RoomChange> decision) {
        Set<HandOver> commands = new LinkedHashSet<>();
        for (RoomChange change : decision.facts()) {
            if (change.published() instanceof RoomEvent event
                    && event.type().equals(EventTypes.MEMBER)
                    && event.stateKey() instanceof String member
                    && new UserId(member).isOn(ours)
                    && decision.changes().get(EntityKey.of(event.room())) instanceof Room room) {
                UserId user = new UserId(member);
                if (isJoined(room, user) && !known.find(room.id()).filter(before -> isJoined(before, user)).isPresent()) {
                    predecessor(room).ifPresent(from -> commands.add(new HandOver(from, user, room.id())));
                }
            }
        }
        List<Order> orders = new ArrayList<>();
        for (HandOver command : commands) {
            orders.add(new Order(
                    RoomTopics.INPUT.name(),
                    Partitions.of(command.room().value(), shardCount),
                    Cbor.encode(command)));
        }
        return orders;
    }

    private static boolean isJoined(Room room, UserId user) {
        return room.membership(user) == Membership.JOIN;
    }

    private Decision<RoomEntity, RoomChange> handOver(Known known, HandOver command, Moment moment) {
        boolean follows = known.find(command.room())
                .filter(room -> !room.isUnborn())
                .filter(room -> leadsTo(room, command.replacement()) && wasIn(room, command.user()))
                .isPresent();
        if (!follows) {
            return Outcome.already(command.room(), Outcome.before(moment));
        }
        var inherit = new InheritRoom(command.user(), command.room(), command.replacement());
        var order = new Order(
                AccountTopics.INPUT.name(),
                Partitions.of(command.user().value(), shardCount),
                Cbor.encode(inherit));
        return Outcome.done(command.room(), Map.of(), List.of(), Outcome.before(moment), List.of(order));
    }

    private static boolean leadsTo(Room room, RoomId replacement) {
        Pdu tombstone = room.get(EventTypes.TOMBSTONE, "");
        return tombstone != null
                && tombstone
                        .content()
                        .string("replacement_room")
                        .filter(replacement.value()::equals)
                        .isPresent();
    }

    /** A user who has left in the meantime was in the room; who was banned, invited or not let in was not. */
    private static boolean wasIn(Room room, UserId user) {
        if (room.state().get(EventTypes.MEMBER, user.value()) == null) {
            return false;
        }
        return switch (room.membership(user)) {
            case JOIN, LEAVE -> true;
            case INVITE, KNOCK, BAN -> false;
        };
    }
}
