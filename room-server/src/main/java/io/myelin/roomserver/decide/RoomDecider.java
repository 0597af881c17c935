package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.OfRoom;
import io.myelin.contracts.room.RoomCommand.Unknown;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EntityWeight;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.PolicySignatureNeeded;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.roomserver.room.RoomState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of room-server: which entities a command touches, and what becomes of them. */
public final class RoomDecider implements Decider<RoomEntity, RoomCommand, RoomChange> {

    private static final Handler.Rule<Unknown> NOT_UNDERSTOOD = (_, _, _) -> {
        throw new Refusal(501, "M_UNRECOGNIZED", "This server does not know that command yet.");
    };

    private final Map<Class<?>, Handler<?>> handlers;
    private final EventSigner signer;
    private final InheritanceDecisions inheritance;
    private final Supplier<RoomLimits> limits;

    /**
     * @param shardCount the number of shards that rooms, aliases and users are divided into
     * @param limits how large rooms may become; asked for each command
     */
    public RoomDecider(EventSigner signer, int shardCount, Supplier<RoomLimits> limits) {
        this.signer = signer;
        this.limits = limits;
        this.inheritance = new InheritanceDecisions(signer.server(), shardCount);
        CreateRoomDecision createRoom = new CreateRoomDecision(signer, shardCount);
        handlers = Stream.of(
                        new SendEventDecision(signer).handlers(),
                        new ChangeMembershipDecision(signer).handlers(),
                        createRoom.handlers(),
                        new ReplaceRoomDecision(createRoom, signer, shardCount).handlers(),
                        new RoomSettingDecisions(signer).handlers(),
                        new AliasDecisions().handlers(),
                        new ProfileDecisions(signer).handlers(),
                        new ReceivePdusDecision(signer).handlers(),
                        new StageStateDecision().handlers(),
                        new ResolveStateDecision(signer).handlers(),
                        new PurgeDecisions(signer, shardCount).handlers(),
                        new HistoryDecisions().handlers(),
                        new BlockDecisions().handlers(),
                        new PruneRedactedDecision().handlers(),
                        new GuestDecisions(signer).handlers(),
                        inheritance.handlers(),
                        List.<Handler<?>>of(Handler.of(Unknown.class, _ -> List.of(EntityKey.NOTHING), NOT_UNDERSTOOD)))
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableMap(Handler::type, Function.identity()));
    }

    @SuppressWarnings("unchecked") // each handler is found by the class of its commands
    private <C extends RoomCommand> Handler<C> handler(C command) {
        return (Handler<C>) Objects.requireNonNull(handlers.get(command.getClass()));
    }

    /** The classes of commands that have a handler. */
    Set<Class<?>> handled() {
        return handlers.keySet();
    }

    @Override
    public List<String> keys(RoomCommand command) {
        return handler(command).keys().apply(command);
    }

    @Override
    public Decision<RoomEntity, RoomChange> decide(Entities<RoomEntity> entities, RoomCommand command, Moment moment) {
        Handler<RoomCommand> handler = handler(command);
        try {
            if (!handler.settlesFirst() || !(command instanceof OfRoom ofRoom)) {
                return GuestDecisions.andRemove(decide(handler, new Known(entities), command, moment), moment);
            }
            StateSettlement settlement = StateSettlement.of(entities, ofRoom.room(), signer, moment);
            Known known = new Known(settlement.over(entities));
            return GuestDecisions.andRemove(settled(settlement, handler, known, command, moment), moment);
        } catch (Refusal refusal) {
            return refused(refusal.error());
        } catch (EventTooLarge tooLarge) {
            return refused(new MatrixError(413, "M_TOO_LARGE", String.valueOf(tooLarge.getMessage())));
        }
    }

    /** The decision after a settlement. The draft of an event that has to be signed first stands on the settled state, so that is kept. */
    private Decision<RoomEntity, RoomChange> settled(
            StateSettlement settlement,
            Handler<RoomCommand> handler,
            Known known,
            RoomCommand command,
            Moment moment) {
        try {
            return settlement.and(decide(handler, known, command, settlement.before(moment)));
        } catch (PolicySignatureNeeded needed) {
            return settlement.alone(Cbor.encode(needed.answer()));
        }
    }

    /**
     * Decides a command. The state events that it makes or prunes become entities beside the room, which has only their
     * numbers.
     */
    private Decision<RoomEntity, RoomChange> decide(
            Handler<RoomCommand> handler, Known known, RoomCommand command, Moment moment) {
        handler.stateToRead().accept(known, command);
        Decision<RoomEntity, RoomChange> decision = handler.rule().decide(known, command, moment);
        if (decision.changes().isEmpty()) {
            return decision;
        }
        List<Order> orders = new ArrayList<>(decision.orders());
        orders.addAll(inheritance.following(known, decision));
        Map<String, RoomEntity> changes = new HashMap<>(known.stateEvents().changes());
        decision.changes().forEach((key, changed) -> {
            if (changed instanceof Room room) {
                if (handler.ofClient()) {
                    checkLimits(known, room);
                }
                changes.put(key, room.readBy(null));
            } else {
                changes.put(key, changed);
            }
        });
        changes.putAll(RelationCheck.withdrawn(known, decision.changes(), decision.facts(), signer.server()));
        return new Decision<>(changes, decision.facts(), decision.answer(), decision.accepted(), orders);
    }

    private void checkLimits(Known known, Room after) {
        RoomState before = known.find(after.id()).map(Room::current).orElse(RoomState.EMPTY);
        limits.get().check(before, after.current());
    }

    @Override
    public long weight(RoomEntity entity) {
        return EntityWeight.of(entity);
    }

    @Override
    public boolean understands(RoomCommand command) {
        return !(command instanceof Unknown);
    }

    @Override
    public byte[] failed(String reason) {
        return Cbor.encode(new RoomAnswer.Refused(new MatrixError(500, "M_UNKNOWN", reason)));
    }

    private static Decision<RoomEntity, RoomChange> refused(MatrixError error) {
        return Decision.refused(Cbor.encode(new RoomAnswer.Refused(error)));
    }
}
