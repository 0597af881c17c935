package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.facts.Reach;
import io.myelin.clientroomsend.facts.RoomState;
import io.myelin.clientroomsend.facts.RoomStates;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.state.StateKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rooms that take others' places: found if they are there already, else made. */
public final class Replacements {
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final Rooms creation;
    private final Reach reach;

    public Replacements(RoomCommands commands, RoomQueries rooms, RoomStates states, Rooms creation, Reach reach) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
        this.creation = creation;
        this.reach = reach;
    }

    /** Whether a room was made to be the replacement, by the same user, who is still in it. */
    boolean isThere(RoomId room, Replacement replacement) {
        UserId user = replacement.creator();
        return states.current(room, new StateKey(EventTypes.MEMBER, user.value()))
                .filter(state -> state.hasJoined(user))
                .map(RoomState::create)
                .filter(replacement::isMadeBy)
                .isPresent();
    }

    /** Whether the same user's tombstone promises a room that was never made. */
    boolean isMissing(Tombstone tombstone, Replacement replacement) {
        RoomId room = tombstone.replacement();
        return tombstone.sender().equals(replacement.creator())
                && room.serverName().filter(reach.server()::equals).isPresent()
                && states.current(room).isEmpty();
    }

    /** An ID for a replacement up to version 11, which the tombstone says before the room is made. */
    RoomId newId() {
        return creation.newId();
    }

    /** Makes the room that the tombstone promises. */
    void make(Tombstone tombstone, Replacement replacement, Session session) {
        creation.create(session, replacement.request(tombstone.event()), tombstone.replacement());
    }

    /**
     * A room for the replacement from version 12 on, whose ID nobody knows before. Takes up one that was begun and still is
     * what it would be; to find that is one look-up for each room the user has joined.
     */
    RoomId findOrMake(RoomId replaced, Replacement replacement, Session session) {
        return begun(replacement).orElseGet(() -> creation.create(session, replacement.request(newestEvent(replaced))));
    }

    /** Bans whoever is banned from the old room, unless the new one knows something of them already. */
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

    /** Takes back the power that its creator had only to make it, unless its power levels are others by now. */
    void settle(RoomId room, Replacement replacement, Requester requester) {
        CopiedPowerLevels levels = replacement.powerLevels();
        if (levels == null || levels.first().equals(levels.lasting())) {
            return;
        }
        boolean isAsMade = states.current(room, POWER_LEVELS)
                .map(state -> state.content(EventTypes.POWER_LEVELS))
                .filter(levels.first()::equals)
                .isPresent();
        if (isAsMade) {
            byte[] content = CanonicalJson.encode(levels.lasting());
            commands.attempt(new SendEvent(room, requester, EventTypes.POWER_LEVELS, "", content, null, null, null));
        }
    }

    private Optional<RoomId> begun(Replacement replacement) {
        UserId user = replacement.creator();
        List<StateKey> copied = List.copyOf(replacement.state().keySet());
        return rooms.roomsOf(user).rooms().stream()
                .filter(own -> own.membership().equals(Membership.JOIN.value()))
                .filter(own -> own.sender().equals(user))
                .map(UserRoom::room)
                .filter(room -> isThere(room, replacement))
                .filter(room -> states.current(room, copied)
                        .filter(replacement::isStillLike)
                        .isPresent())
                .findFirst();
    }

    private EventId newestEvent(RoomId room) {
        return rooms.events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 1)
                .events()
                .getFirst()
                .event()
                .id();
    }
}
