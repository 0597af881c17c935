package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.RemoveGuests;
import io.myelin.contracts.room.RoomAdminCommand.RemoveMember;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.StateReplaced;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.GuestsOfRoom;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes our guests leave a room that no longer lets guests in, whichever server's user changed that. A guest is a user whose
 * member event has the {@code kind} {@code guest}, which client-room-send writes. Client-server API, "Guest Access".
 */
final class GuestDecisions {

    static final String KIND = "kind";
    static final String GUEST = "guest";
    private static final String CAN_JOIN = "can_join";

    private final EventSigner signer;

    GuestDecisions(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(Handler.of(
                        RemoveGuests.class, remove -> List.of(EntityKey.of(remove.room()), key(remove)), this::remove)
                .settlingFirst());
    }

    static boolean lets(Room room) {
        Pdu access = room.get(EventTypes.GUEST_ACCESS, "");
        return access != null && isOpen(access.content());
    }

    private static boolean isOpen(JsonObject content) {
        return content.string("guest_access").filter(CAN_JOIN::equals).isPresent();
    }

    private static String key(RemoveGuests command) {
        UserId after = command.after();
        return EntityKey.ofGuests(command.created(), command.since(), after == null ? "" : after.value());
    }

    /** The decision, with an order to remove the guests if it may have ended guest access. */
    static Decision<RoomEntity, RoomChange> andRemove(Decision<RoomEntity, RoomChange> decision, Moment moment) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < decision.facts().size(); i++) {
            RemoveGuests command = after(decision.facts().get(i).published(), moment.seq() + i);
            if (command != null) {
                orders.add(order(command, moment));
            }
        }
        if (orders.isEmpty()) {
            return decision;
        }
        orders.addAll(0, decision.orders());
        return new Decision<>(decision.changes(), decision.facts(), decision.answer(), decision.accepted(), orders);
    }

    private static @Nullable RemoveGuests after(RoomFact fact, long seq) {
        return switch (fact) {
            case RoomEvent event when endsAccess(event) -> new RemoveGuests(event.room(), event.created(), seq, null);
            case StateResolved resolved
            when resolved.changes().stream().anyMatch(change -> isAccess(change.type(), change.stateKey())) ->
                new RemoveGuests(resolved.room(), resolved.created(), seq, null);
            case StateReplaced(RoomId room, long created, long _) -> new RemoveGuests(room, created, seq, null);
            default -> null;
        };
    }

    /** Only an event that replaces another one can end guest access: a room that begins without it has no guests. */
    private static boolean endsAccess(RoomEvent event) {
        return isAccess(event.type(), event.stateKey())
                && !event.outsideCurrentState()
                && event.replaces() != 0
                && !isOpen(JsonParser.parseObject(event.body(), JsonRules.LENIENT_EVENTS)
                        .object("content")
                        .orElse(JsonObject.EMPTY));
    }

    private static boolean isAccess(String type, @Nullable String stateKey) {
        return type.equals(EventTypes.GUEST_ACCESS) && "".equals(stateKey);
    }

    private Decision<RoomEntity, RoomChange> remove(Known known, RemoveGuests command, Moment moment) {
        RoomId id = command.room();
        Optional<Room> room = known.find(id);
        if (room.isEmpty() || room.get().created() != command.created() || lets(room.get())) {
            return Outcome.already(id, Outcome.before(moment));
        }
        GuestsOfRoom some = known.guests(key(command));
        List<Order> orders = new ArrayList<>();
        for (UserId guest : some.guests()) {
            if (guest.isOn(signer.server())) {
                orders.add(order(new RemoveMember(id, guest), moment));
            }
        }
        if (!some.isAll()) {
            UserId last = some.guests().getLast();
            orders.add(order(new RemoveGuests(id, command.created(), command.since(), last), moment));
        }
        return Outcome.done(id, Map.of(key(command), new Absent()), List.of(), Outcome.before(moment), orders);
    }

    private static Order order(RoomCommand command, Moment moment) {
        return new Order(RoomTopics.INPUT.name(), moment.shard(), Cbor.encode(command));
    }
}
