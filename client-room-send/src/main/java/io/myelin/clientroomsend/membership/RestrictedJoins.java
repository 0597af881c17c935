package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomCommand.JoinedElsewhere;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.engine.Committed;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the evidence for a restricted join: the user's memberships in other rooms, which other shards decide. Client-server
 * API, "Restricted rooms".
 */
public final class RestrictedJoins {
    private static final Set<String> RESTRICTED = Set.of("restricted", "knock_restricted");
    /** How many rooms of a join rule are looked up. */
    private static final int MAX_ALLOWED_ROOMS = 100;

    private final RoomStates states;
    private final RoomQueries rooms;
    private final int shards;

    public RestrictedJoins(RoomStates states, RoomQueries rooms, int shards) {
        this.states = states;
        this.rooms = rooms;
        this.shards = shards;
    }

    /** The rooms in the room's join rule that the user has joined; empty if the room is not restricted. */
    public List<JoinedElsewhere> evidence(RoomId room, UserId user) {
        return states.current(room, new StateKey(EventTypes.JOIN_RULES, ""))
                .map(state -> state.content(EventTypes.JOIN_RULES))
                .filter(rule ->
                        rule.string("join_rule").filter(RESTRICTED::contains).isPresent())
                .map(rule -> joined(allowedRooms(rule), user))
                .orElse(List.of());
    }

    private static Set<RoomId> allowedRooms(JsonObject rule) {
        return rule.array("allow").orElse(JsonArray.EMPTY).stream()
                .flatMap(condition -> allowedRoom(condition).stream())
                .limit(MAX_ALLOWED_ROOMS)
                .collect(Collectors.toSet());
    }

    private static Optional<RoomId> allowedRoom(Json condition) {
        return condition instanceof JsonObject object
                        && object.string("type")
                                .filter("m.room_membership"::equals)
                                .isPresent()
                ? object.string("room_id").flatMap(RoomId::tryParse)
                : Optional.empty();
    }

    private List<JoinedElsewhere> joined(Set<RoomId> allowed, UserId user) {
        return allowed.stream().flatMap(other -> joined(other, user).stream()).toList();
    }

    private Optional<JoinedElsewhere> joined(RoomId other, UserId user) {
        int shard = Partitions.of(other.value(), shards);
        // The position is read first, so that the state is at least as new as the position.
        Committed committed = rooms.committed(shard);
        Optional<RoomState> state = states.current(other, new StateKey(EventTypes.MEMBER, user.value()));
        return state.filter(current -> current.hasJoined(user))
                .map(_ -> new JoinedElsewhere(other, new Position(shard, committed.incarnation(), committed.seq())));
    }
}
