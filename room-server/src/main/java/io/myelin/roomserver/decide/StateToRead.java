package io.myelin.roomserver.decide;

import io.myelin.contracts.room.RoomAdminCommand.MoveMember;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.RefreshMember;
import io.myelin.contracts.room.RoomAdminCommand.RemoveMember;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.roomserver.room.Room;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests the events of a room's state that a decision is going to read, as far as its command tells. So they are loaded in
 * one go, and the decision is not made anew for each of them.
 */
final class StateToRead {

    private static final StateKey CREATE = new StateKey(EventTypes.CREATE, "");
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");
    private static final StateKey POLICY = new StateKey(EventTypes.POLICY, "");
    private static final StateKey JOIN_RULES = new StateKey(EventTypes.JOIN_RULES, "");

    private StateToRead() {}

    static void ofSend(Known known, SendEvent send) {
        require(known, send.room(), send.requester().user(), places(send.type(), send.stateKey()));
    }

    static void ofChange(Known known, ChangeMembership change) {
        require(known, change.room(), change.requester().user(), JOIN_RULES, member(change.target()));
    }

    static void ofRefresh(Known known, RefreshMember refresh) {
        require(known, refresh.room(), refresh.profile().user(), JOIN_RULES);
    }

    static void ofRemove(Known known, RemoveMember remove) {
        require(known, remove.room(), remove.user());
    }

    static void ofMove(Known known, MoveMember move) {
        require(known, move.room(), move.user());
    }

    static void ofReplace(Known known, ReplaceRoom replace) {
        require(known, replace.room(), replace.replacement().requester().user());
    }

    private static StateKey[] places(String type, @Nullable String stateKey) {
        if (stateKey == null) {
            return new StateKey[0];
        }
        StateKey place = new StateKey(type, stateKey);
        return type.equals(EventTypes.MEMBER) ? new StateKey[] {place, JOIN_RULES} : new StateKey[] {place};
    }

    private static StateKey member(UserId user) {
        return new StateKey(EventTypes.MEMBER, user.value());
    }

    private static void require(Known known, RoomId id, UserId sender, StateKey... more) {
        Optional<Room> room = known.find(id);
        if (room.isPresent()) {
            List<StateKey> places = new ArrayList<>(List.of(more));
            places.add(CREATE);
            places.add(POWER_LEVELS);
            places.add(member(sender));
            places.add(POLICY);
            room.get().current().require(places);
        }
    }

    /** Requests the events of the current state that permit the events of another server. */
    static void ofReceive(Known known, ReceivePdus command) {
        Optional<Room> room = known.find(command.room());
        if (room.isEmpty() || room.get().isUnborn()) {
            return;
        }
        Set<StateKey> places = new LinkedHashSet<>();
        places.add(CREATE);
        for (byte[] body : command.pdus()) {
            places.addAll(places(room.get().version(), body));
        }
        room.get().current().require(places);
    }

    private static List<StateKey> places(RoomVersion version, byte[] body) {
        try {
            JsonObject event = JsonParser.parseObject(body, JsonRules.LENIENT_EVENTS);
            return AuthEvents.select(
                    event.string("type").orElse(""),
                    event.string("state_key").orElse(null),
                    new UserId(event.string("sender").orElse("")),
                    event.object("content").orElse(JsonObject.EMPTY),
                    version);
        } catch (InvalidJson rejectedLater) {
            return List.of();
        }
    }
}
