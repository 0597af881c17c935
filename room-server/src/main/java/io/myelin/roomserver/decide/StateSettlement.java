package io.myelin.roomserver.decide;

import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.UserEntity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Resolves the states after a room's forward extremities into one, before anything is decided that depends on the current
 * state. It is part of the next decision, so it needs no transaction of its own.
 *
 * @param changes the settled room, and those of our users who have joined or left by that
 */
record StateSettlement(Map<String, RoomEntity> changes, List<RoomChange> facts) {

    static final StateSettlement NONE = new StateSettlement(Map.of(), List.of());

    /** The settlement of the room, or {@link #NONE} if there is no such room or it is settled. */
    static StateSettlement of(Entities<RoomEntity> entities, RoomId id, EventSigner signer, Moment moment) {
        Known known = new Known(entities);
        Optional<Room> unsettled = known.find(id).filter(room -> !room.isSettled());
        if (unsettled.isEmpty()) {
            return NONE;
        }
        RoomEdit edit = new RoomEdit(unsettled.get(), signer, moment);
        Map<String, RoomEntity> changes = new HashMap<>();
        resolveCurrentState(known, edit, signer.server()).forEach((user, now) -> changes.put(EntityKey.of(user), now));
        changes.put(EntityKey.of(id), edit.room().readBy(null));
        return new StateSettlement(changes, edit.facts());
    }

    /** Settles the room of an edit that has just begun, and returns those of our users who have joined or left by that. */
    static Map<UserId, UserEntity> resolveCurrentState(Known known, RoomEdit edit, ServerName ours) {
        Room before = edit.room();
        edit.resolveCurrentState(known.state(
                before, before.statesAtExtremities(), before.current().name()));
        return changedUsers(known, before, edit.room(), ours);
    }

    /** Those of our users whose memberships differ after a change of the current state, as they are after it. */
    static Map<UserId, UserEntity> changedUsers(Known known, Room before, Room after, ServerName ours) {
        Set<UserId> moved = new HashSet<>();
        before.state().differences(after.state(), (key, _, _) -> {
            if (key.type().equals(EventTypes.MEMBER)) {
                UserId.tryParse(key.stateKey())
                        .filter(id -> id.serverName().equals(ours))
                        .ifPresent(moved::add);
            }
        });
        known.entities().require(moved.stream().map(EntityKey::of).toList());
        Map<UserId, UserEntity> users = new HashMap<>();
        moved.forEach(id -> users.put(id, known.user(id).in(after.id(), after.membership(id) == Membership.JOIN)));
        return users;
    }

    /** The entities, with those that the settlement has changed. */
    Entities<RoomEntity> over(Entities<RoomEntity> entities) {
        return facts.isEmpty()
                ? entities
                : new Entities<>() {
                    @Override
                    public RoomEntity get(String key) {
                        RoomEntity changed = changes.get(key);
                        return changed == null ? entities.get(key) : changed;
                    }

                    @Override
                    public void require(Collection<String> keys) {
                        entities.require(keys.stream()
                                .filter(key -> !changes.containsKey(key))
                                .toList());
                    }
                };
    }

    Moment before(Moment moment) {
        return facts.isEmpty()
                ? moment
                : new Moment(moment.shard(), moment.incarnation(), moment.seq() + facts.size(), moment.now());
    }

    /** The settlement alone; what was asked for has not been decided. */
    Decision<RoomEntity, RoomChange> alone(byte[] answer) {
        return new Decision<>(changes, facts, answer, false, List.of());
    }

    /** The decision with the settlement before it; without it if the decision changes nothing. */
    Decision<RoomEntity, RoomChange> and(Decision<RoomEntity, RoomChange> decision) {
        if (facts.isEmpty() || (decision.facts().isEmpty() && decision.changes().isEmpty())) {
            return decision;
        }
        Map<String, RoomEntity> allChanges = new HashMap<>(changes);
        allChanges.putAll(decision.changes());
        List<RoomChange> allFacts = new ArrayList<>(facts);
        allFacts.addAll(decision.facts());
        return new Decision<>(allChanges, allFacts, decision.answer(), decision.accepted(), decision.orders());
    }
}
