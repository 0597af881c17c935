package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.ReceiptCommand.DropReceipts;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAdminCommand.MoveMember;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomCommand.MoveAlias;
import io.myelin.contracts.room.RoomAdminCommand.DeletePurgedRows;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomCommand.ReleaseAlias;
import io.myelin.contracts.room.RoomAdminCommand.RemoveMember;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.PurgeSlice;
import io.myelin.roomserver.room.PurgedRoom;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.UserEntity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Purges a room step by step. If the purge is forced, nobody may join any more and our users leave. Then the room becomes
 * unknown, at one number of the shard. Then its rows are deleted, some at a time, so that the shard's other rooms go on
 * meanwhile. A step that fails is ordered again by {@link io.myelin.roomserver.deletion.PurgeResumption}.
 */
final class PurgeDecisions {

    private static final int SLICE = 100;

    private final EventSigner signer;
    private final int shardCount;

    PurgeDecisions(EventSigner signer, int shardCount) {
        this.signer = signer;
        this.shardCount = shardCount;
    }

    List<Handler<?>> handlers() {
        return List.of(
                // A purge settles the room itself, and if forced goes on even where that cannot be done.
                Handler.of(
                        PurgeRoom.class,
                        Handler::room,
                        (known, wish, moment) -> purge(known.entities(), Removal.of(wish), moment)),
                Handler.of(
                        ShutDownRoom.class,
                        Handler::room,
                        (known, wish, moment) -> purge(known.entities(), Removal.of(wish), moment)),
                Handler.of(MoveMember.class, move -> Handler.roomAndUser(move, move.user()), this::move)
                        .reading(StateToRead::ofMove)
                        .settlingFirst(),
                Handler.of(RemoveMember.class, remove -> Handler.roomAndUser(remove, remove.user()), this::remove)
                        .reading(StateToRead::ofRemove)
                        .settlingFirst(),
                Handler.of(
                        DeletePurgedRows.class,
                        delete -> List.of(
                                EntityKey.of(delete.room()), EntityKey.ofRemains(delete.created(), delete.step())),
                        this::deletePurgedRows));
    }

    /** A forced purge removes a room that cannot be read at once: nothing else can free its ID. */
    private Decision<RoomEntity, RoomChange> purge(Entities<RoomEntity> entities, Removal command, Moment moment) {
        RoomId id = command.room();
        if (entities.get(EntityKey.of(id)) instanceof Damaged damaged && damaged.created() != 0 && command.force() && !command.stays()) {
            return gone(command, damaged.created(), Map.of(), List.of(), moment);
        }
        StateSettlement settlement = settlement(entities, command, moment);
        Known known = new Known(settlement.over(entities));
        return settlement.and(purge(known, command, settlement.before(moment)));
    }

    /** The room's settlement; none if the purge is forced and the resolved state cannot be read. */
    private StateSettlement settlement(Entities<RoomEntity> entities, Removal command, Moment moment) {
        try {
            return StateSettlement.of(entities, command.room(), signer, moment);
        } catch (Refusal unreadable) {
            if (command.force()) {
                return StateSettlement.NONE;
            }
            throw unreadable;
        }
    }

    private Decision<RoomEntity, RoomChange> purge(Known known, Removal command, Moment moment) {
        RoomId id = command.room();
        if (known.purged(id).isPresent()) {
            return Outcome.already(id, Outcome.before(moment));
        }
        Room room = known.find(id).orElseThrow(() -> new Refusal(MatrixError.notFound("There is no such room.")));
        if (room.closing() && command.begins()) {
            throw new Refusal(400, "M_UNKNOWN", "This room is being shut down already.");
        }
        List<UserId> joined = command.shutdown() == null ? joined(room) : concerned(room);
        if (!joined.isEmpty() && !command.force()) {
            throw new Refusal(400, "M_UNKNOWN", "Users of this server are still joined to this room.");
        }
        UserId after = command.after();
        List<UserId> still = joined.stream()
                .filter(user -> after == null || user.compareTo(after) > 0)
                .toList();
        List<RoomChange> facts = noted(command, room, joined);
        if (still.isEmpty()) {
            return command.stays()
                    ? emptied(command, room, facts, moment)
                    : gone(command, room.created(), putOut(known, id, joined), facts, moment);
        }
        if (room.closing()) {
            return Outcome.done(id, Map.of(), List.of(), Outcome.before(moment), removals(command, still, moment));
        }
        facts.add(new RoomChange.PurgeStarted(id, room.created()));
        return Outcome.done(
                id,
                Map.of(EntityKey.of(id), room.closed()),
                facts,
                last(facts, moment),
                removals(command, still, moment));
    }

    /** What is noted of a shutdown when it begins. */
    private static List<RoomChange> noted(Removal command, Room room, List<UserId> joined) {
        List<RoomChange> facts = new ArrayList<>();
        Shutdown shutdown = command.shutdown();
        if (shutdown != null && !room.closing()) {
            RoomShutdown noted = new RoomShutdown(
                    joined.stream().limit(RoomShutdown.MOST_USERS).toList(),
                    shutdown.newRoom() == null ? List.of() : command.aliases(),
                    shutdown.newRoom(),
                    shutdown.purged(),
                    false);
            facts.add(new RoomChange.ShutdownNoted(command.room(), noted));
        }
        return facts;
    }

    /** The position of the last of these facts. */
    private static Position last(List<RoomChange> facts, Moment moment) {
        return new Position(moment.shard(), moment.incarnation(), moment.seq() + facts.size() - 1);
    }

    /** A room that stays may be entered again once our users have been asked to leave. */
    private Decision<RoomEntity, RoomChange> emptied(
            Removal command, Room room, List<RoomChange> facts, Moment moment) {
        RoomId id = command.room();
        List<Order> orders = command.newRoom() == null ? List.of() : aliasOrders(command);
        if (!room.closing()) {
            return Outcome.done(id, Map.of(), facts, last(facts, moment), orders);
        }
        facts.add(new RoomChange.ShutdownEnded(id, room.created()));
        return Outcome.done(id, Map.of(EntityKey.of(id), room.reopened()), facts, last(facts, moment), orders);
    }

    /** Orders that move the aliases to the new room, or else delete them. */
    private List<Order> aliasOrders(Removal command) {
        RoomId to = command.newRoom();
        return command.aliases().stream()
                .map(alias -> new Order(
                        RoomTopics.INPUT.name(),
                        Partitions.of(alias.value(), shardCount),
                        Cbor.encode(
                                to == null
                                        ? new ReleaseAlias(alias, command.room())
                                        : new MoveAlias(alias, command.room(), to))))
                .toList();
    }

    /** Removes the room from the users who could not be made to leave. */
    private static Map<String, RoomEntity> putOut(Known known, RoomId room, List<UserId> joined) {
        known.entities().require(joined.stream().map(EntityKey::of).toList());
        Map<String, RoomEntity> users = new HashMap<>();
        joined.forEach(user -> users.put(EntityKey.of(user), known.user(user).in(room, false)));
        return users;
    }

    /** Our users who are in the room, in order of their IDs. */
    private List<UserId> joined(Room room) {
        List<UserId> joined = new ArrayList<>();
        room.state().forEach(EventTypes.MEMBER, (user, member) -> {
            if (member.isJoined()) {
                UserId.tryParse(user)
                        .filter(id -> id.serverName().equals(signer.server()))
                        .ifPresent(joined::add);
            }
        });
        return joined.stream().sorted().toList();
    }

    /** Our users who are in the room, are invited to it or knock, in order of their IDs. */
    private List<UserId> concerned(Room room) {
        List<UserId> concerned = new ArrayList<>();
        room.state().forEach(EventTypes.MEMBER, (user, _) -> UserId.tryParse(user)
                .filter(id -> id.serverName().equals(signer.server()) && isConcerned(room.membership(id)))
                .ifPresent(concerned::add));
        return concerned.stream().sorted().toList();
    }

    private static boolean isConcerned(Membership membership) {
        return switch (membership) {
            case JOIN, INVITE, KNOCK -> true;
            case LEAVE, BAN -> false;
        };
    }

    /**
     * Orders a slice of the users to leave, then the purge to go on with the users after them. No user is asked twice, so
     * the purge ends.
     */
    private static List<Order> removals(Removal command, List<UserId> joined, Moment moment) {
        List<UserId> some = joined.subList(0, Math.min(SLICE, joined.size()));
        List<Order> orders = new ArrayList<>();
        some.forEach(user -> orders.add(order(command.of(user), moment)));
        orders.add(order(command.after(some.getLast()), moment));
        return orders;
    }

    private Decision<RoomEntity, RoomChange> gone(
            Removal command, long created, Map<String, RoomEntity> users, List<RoomChange> noted, Moment moment) {
        RoomId room = command.room();
        List<Order> orders = new ArrayList<>();
        orders.add(order(new DeletePurgedRows(room, created, 0), moment));
        orders.addAll(aliasOrders(command));
        Map<String, RoomEntity> changes = new HashMap<>(users);
        changes.put(EntityKey.of(room), new PurgedRoom(created, 0));
        changes.put(EntityKey.ofHistoryPurge(room), new Absent());
        List<RoomChange> facts = new ArrayList<>(noted);
        facts.add(new RoomChange.RoomGone(room, created));
        return Outcome.done(room, changes, facts, last(facts, moment), orders);
    }

    private Decision<RoomEntity, RoomChange> remove(Known known, RemoveMember command, Moment moment) {
        Optional<Room> room = known.find(command.room());
        return room.isEmpty() || room.get().membership(command.user()) != Membership.JOIN
                ? Outcome.already(command.room(), Outcome.before(moment))
                : leave(known, room.get(), command.user(), moment);
    }

    private Decision<RoomEntity, RoomChange> leave(Known known, Room room, UserId user, Moment moment) {
        RoomEdit edit = new RoomEdit(room, signer, moment);
        JsonObject left = JsonObject.of("membership", Membership.LEAVE.value());
        var event = edit.append(
                new Requester(user, null, null), EventDraft.state(user, EventTypes.MEMBER, user.value(), left));
        return Outcome.sent(edit, event, known.user(user).in(room.id(), false));
    }

    private Decision<RoomEntity, RoomChange> move(Known known, MoveMember command, Moment moment) {
        Optional<Room> room = known.find(command.room());
        UserId user = command.user();
        if (room.isEmpty() || !isConcerned(room.get().membership(user))) {
            return Outcome.already(command.room(), Outcome.before(moment));
        }
        List<Order> orders = new ArrayList<>();
        orders.add(order(new ForgetRoom(command.room(), user), moment));
        RoomId to = command.newRoom();
        if (to != null && room.get().membership(user) == Membership.JOIN) {
            orders.add(joins(known.user(user), to));
        }
        Decision<RoomEntity, RoomChange> left = leave(known, room.get(), user, moment);
        return new Decision<>(left.changes(), left.facts(), left.answer(), left.accepted(), orders);
    }

    private Order joins(UserEntity user, RoomId room) {
        UserId id = user.user();
        ChangeMembership join = ChangeMembership.of(
                room, new Requester(id, null, null), MembershipAction.JOIN, id, null, user.newest(null), null);
        return new Order(RoomTopics.INPUT.name(), Partitions.of(room.value(), shardCount), Cbor.encode(join));
    }

    /**
     * Deletes a slice of rows. Loaded events are dropped from memory with their rows, since events with these IDs may arrive
     * again.
     */
    private Decision<RoomEntity, RoomChange> deletePurgedRows(Known known, DeletePurgedRows command, Moment moment) {
        RoomId id = command.room();
        PurgedRoom next = new PurgedRoom(command.created(), command.step());
        if (known.purged(id).filter(next::equals).isEmpty()) {
            return Outcome.already(id, Outcome.before(moment));
        }
        PurgeSlice remains = known.remains(next);
        boolean isAll = remains.rows().isNothing();
        Map<String, RoomEntity> changes = new HashMap<>();
        changes.put(EntityKey.ofRemains(command.created(), command.step()), new Absent());
        remains.events().forEach(event -> changes.put(EntityKey.of(event), new Absent()));
        changes.put(EntityKey.of(id), isAll ? new Absent() : new PurgedRoom(command.created(), command.step() + 1));
        return Outcome.done(
                id,
                changes,
                List.of(new RoomChange.RowsDeleted(id, remains.rows(), command.step())),
                new Position(moment.shard(), moment.incarnation(), moment.seq()),
                isAll ? List.of() : rest(command, remains.rows().members(), moment));
    }

    /** Orders to delete the next slice, and to drop the members' receipts, which are in the same shard of receipt-server. */
    private static List<Order> rest(DeletePurgedRows command, List<String> members, Moment moment) {
        List<Order> orders = new ArrayList<>();
        for (int from = 0; from < members.size(); from += SLICE) {
            List<UserId> some = members.subList(from, Math.min(members.size(), from + SLICE)).stream()
                    .flatMap(member -> UserId.tryParse(member).stream())
                    .toList();
            orders.add(new Order(
                    ReceiptTopics.INPUT.name(), moment.shard(), Cbor.encode(new DropReceipts(command.room(), some))));
        }
        orders.add(order(new DeletePurgedRows(command.room(), command.created(), command.step() + 1), moment));
        return orders;
    }

    private static Order order(RoomCommand command, Moment moment) {
        return new Order(RoomTopics.INPUT.name(), moment.shard(), Cbor.encode(command));
    }
}
