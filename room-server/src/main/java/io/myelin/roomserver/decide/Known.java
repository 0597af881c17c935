package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.engine.shard.Entities;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.AliasEntity;
import io.myelin.roomserver.room.AwaitedEvent;
import io.myelin.roomserver.room.BlockedRoom;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventsBehind;
import io.myelin.roomserver.room.GuestsOfRoom;
import io.myelin.roomserver.room.HistoryBefore;
import io.myelin.roomserver.room.HistoryPurge;
import io.myelin.roomserver.room.HistorySlice;
import io.myelin.roomserver.room.OwnAnnotation;
import io.myelin.roomserver.room.PendingRooms;
import io.myelin.roomserver.room.PurgeSlice;
import io.myelin.roomserver.room.PurgedRoom;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.RelativeState;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StagedState;
import io.myelin.roomserver.room.StateEvents;
import io.myelin.roomserver.room.TooHeavy;
import io.myelin.roomserver.room.Unpruned;
import io.myelin.roomserver.room.UserEntity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The entities of a command, by their types.
 *
 * @param stateEvents the events that the states of its rooms consist of
 */
record Known(Entities<RoomEntity> entities, StateEvents stateEvents) {

    Known(Entities<RoomEntity> entities) {
        this(entities, new StateEvents(entities));
    }

    /** @throws Refusal if the entity is damaged or too heavy */
    private RoomEntity get(String key) {
        RoomEntity entity = entities.get(key);
        if (entity instanceof Damaged) {
            throw new Refusal(
                    500, "M_UNKNOWN", "This server cannot read what it has stored of this room. Its log says why.");
        }
        if (entity instanceof TooHeavy) {
            throw new Refusal(500, "M_UNKNOWN", "This server has not enough memory for this room.");
        }
        return entity;
    }

    Optional<Room> find(RoomId id) {
        return get(EntityKey.of(id)) instanceof Room room ? Optional.of(room.readBy(stateEvents)) : Optional.empty();
    }

    /**
     * @throws Refusal if there is no such room, with the same error as for a user who is not in it, so as not to reveal
     *     whether it exists
     */
    Room roomOfMember(RoomId id) {
        return find(id).filter(room -> !room.isUnborn())
                .orElseThrow(() -> new Refusal(MatrixError.forbidden("You are not in this room.")));
    }

    /** @throws Refusal if there is no such room */
    Room room(RoomId id) {
        return find(id).filter(room -> !room.isUnborn())
                .orElseThrow(() -> new Refusal(MatrixError.notFound("There is no such room.")));
    }

    /** The purged room, if the room has been purged and rows of it are left. */
    Optional<PurgedRoom> purged(RoomId id) {
        return get(EntityKey.of(id)) instanceof PurgedRoom purged ? Optional.of(purged) : Optional.empty();
    }

    /** @throws Refusal if a room with the ID is being purged, or was purged and still has rows */
    void requireFree(RoomId id) {
        if (purged(id).isPresent() || find(id).filter(Room::closing).isPresent()) {
            throw new Refusal(404, "M_NOT_FOUND", "This room is being purged.");
        }
    }

    /** The newest purge of the room's history. */
    Optional<HistoryPurge> historyPurge(RoomId id) {
        return get(EntityKey.ofHistoryPurge(id)) instanceof HistoryPurge purge ? Optional.of(purge) : Optional.empty();
    }

    /** The slice of hidden events that is looked at next. */
    HistorySlice slice(HistoryPurge purge) {
        return get(EntityKey.ofHistorySlice(purge.created(), purge.number(), purge.step())) instanceof HistorySlice slice
                ? slice
                : HistorySlice.NOTHING;
    }

    /** The administrator who has blocked the room. */
    Optional<BlockedRoom> block(RoomId id) {
        return get(EntityKey.ofBlock(id)) instanceof BlockedRoom blocked ? Optional.of(blocked) : Optional.empty();
    }

    /** The slice of rows that is deleted next. */
    PurgeSlice remains(PurgedRoom room) {
        return (PurgeSlice) get(EntityKey.ofRemains(room.created(), room.step()));
    }

    Unpruned unpruned(long until, int step) {
        return get(EntityKey.ofUnpruned(until, step)) instanceof Unpruned unpruned ? unpruned : Unpruned.NOTHING;
    }

    GuestsOfRoom guests(String key) {
        return get(key) instanceof GuestsOfRoom guests ? guests : GuestsOfRoom.NOBODY;
    }

    PendingRooms pending(String key) {
        return get(key) instanceof PendingRooms pending ? pending : PendingRooms.NONE;
    }

    /** @throws Refusal if the ID is not a user ID */
    UserEntity user(UserId id) {
        if (UserId.tryParse(id.value()).isEmpty()) {
            throw new Refusal(MatrixError.invalidParam("That is not a user ID."));
        }
        return get(EntityKey.of(id)) instanceof UserEntity user ? user : new UserEntity(id, null, Set.of());
    }

    Optional<AliasEntity> alias(RoomAlias alias) {
        return get(EntityKey.of(alias)) instanceof AliasEntity found ? Optional.of(found) : Optional.empty();
    }

    Optional<EventEntity> event(EventId id) {
        return get(EntityKey.of(id)) instanceof EventEntity event ? Optional.of(event) : Optional.empty();
    }

    /** Whether the key's annotation is there already; false if the event that it would annotate is not known. */
    boolean isAnnotated(String key) {
        return get(key) instanceof OwnAnnotation(boolean isThere) && isThere;
    }

    /** The redactions that wait for an event that is not known. */
    AwaitedEvent awaited(EventId id) {
        return get(EntityKey.of(id)) instanceof AwaitedEvent awaited ? awaited : AwaitedEvent.UNHEARD_OF;
    }

    /** @param key the key of the history before a live event */
    HistoryBefore history(String key) {
        return get(key) instanceof HistoryBefore history ? history : new HistoryBefore(0);
    }

    /** @throws Refusal if the room has no such staged state */
    StagedState stagedState(Room room, long state) {
        if (get(EntityKey.ofStage(state)) instanceof StagedState staged
                && staged.room().equals(room.id())) {
            return staged;
        }
        throw new Refusal(MatrixError.invalidParam("Nobody has staged a state " + state + " of this room."));
    }

    /** The nearest events before these, which have no place in the room; all have to be committed. */
    EventsBehind behind(long room, List<Long> events) {
        return get(EntityKey.ofBehind(room, events)) instanceof EventsBehind behind ? behind : EventsBehind.NONE;
    }

    /** What these states of a room resolve to, relative to another one; all have to be committed. */
    RelativeState state(Room room, Set<Long> states, long other) {
        return (RelativeState) get(EntityKey.ofState(room.created(), states, other));
    }
}
