package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.state.StateKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Creates replacement rooms, and completes them after they were created. */
public final class Replacements {
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final Rooms creation;

    public Replacements(RoomCommands commands, RoomQueries rooms, RoomStates states, Rooms creation) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
        this.creation = creation;
    }

    /** Whether a room is this replacement, created by the same user, who is still joined to it. */
    boolean isThere(RoomId room, Replacement replacement) {
        UserId user = replacement.creator();
        return states.current(room, new StateKey(EventTypes.MEMBER, user.value()))
                .filter(state -> state.hasJoined(user))
                .map(RoomState::create)
                .filter(replacement::isMadeBy)
                .isPresent();
    }

    /** The command that creates the room, with an ID in the shard of the room that it replaces. */
    CreateRoom command(RoomId replaced, Replacement replacement, Session session) {
        boolean namesTombstone = !replacement.version().roomIdIsCreateEventHash();
        return creation.beside(replaced, session, replacement.request(namesTombstone ? null : newestEvent(replaced)));
    }

    /** Bans the users who are banned from the old room, unless the new room has a member event for them already. */
    void ban(RoomId from, RoomId to, Requester requester) {
        List<Pdu> banned = states.ofType(from, EventTypes.MEMBER).stream()
                .filter(member -> Membership.of(member) == Membership.BAN)
                .toList();
        if (banned.isEmpty()) {
            return;
        }
        Set<StateKey> known =
                states.ofType(to, EventTypes.MEMBER).stream().map(Pdu::key).collect(Collectors.toSet());
        banned.stream()
                .filter(member -> !known.contains(member.key()))
                .forEach(member -> commands.attempt(ChangeMembership.of(
                        to,
                        requester,
                        MembershipAction.BAN,
                        new UserId(member.key().stateKey()),
                        member.content().string("reason").orElse(null),
                        null,
                        null)));
    }

    /** Sets the lasting power levels, unless the power levels have been changed since the room was created. */
    void settle(RoomId room, Replacement replacement, Requester requester) {
        CopiedPowerLevels levels = replacement.powerLevels();
        if (levels == null || levels.atCreation().equals(levels.afterwards())) {
            return;
        }
        boolean isAsMade = states.current(room, POWER_LEVELS)
                .map(state -> state.content(EventTypes.POWER_LEVELS))
                .filter(levels.atCreation()::equals)
                .isPresent();
        if (isAsMade) {
            byte[] content = CanonicalJson.encode(levels.afterwards());
            commands.attempt(new SendEvent(room, requester, EventTypes.POWER_LEVELS, "", content, null, null, null));
        }
    }

    private EventId newestEvent(RoomId room) {
        return rooms.events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 1)
                .events()
                .getFirst()
                .event()
                .id();
    }
}
