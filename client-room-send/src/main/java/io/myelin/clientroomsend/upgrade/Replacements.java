package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.facts.RoomState;
import io.myelin.clientroomsend.facts.RoomStates;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.state.StateKey;
import java.util.List;
import java.util.Optional;

/** The rooms that take others' places: found if they are there already, else made. */
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

    /** Whether a room was made to be the replacement, by the same user, who is still in it. */
    boolean isBegun(RoomId room, Replacement replacement) {
        UserId user = replacement.creator();
        return states.current(room, new StateKey(EventTypes.MEMBER, user.value()))
                .filter(state -> state.hasJoined(user))
                .map(RoomState::create)
                .filter(replacement::isBegunBy)
                .isPresent();
    }

    /**
     * A room of its own for the replacement, with all that is copied; who is banned from the old one is banned from it.
     * Takes up one that was begun and still is what it would be. That is one look-up for each room the user has joined.
     */
    RoomId make(RoomId replaced, Replacement replacement, Session session) {
        RoomId room = begun(replacement)
                .orElseGet(() -> creation.create(session, replacement.request(newestEvent(replaced))));
        ban(replaced, room, new Requester(session.user(), session.device(), null));
        return room;
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
                .filter(room -> isBegun(room, replacement))
                .filter(room -> states.current(room, copied)
                        .filter(replacement::isStillLike)
                        .isPresent())
                .findFirst();
    }

    /** The last that is known of a room: a reader of its replacement finds the way back by it. */
    private String newestEvent(RoomId room) {
        return rooms.events(room, 0, Long.MAX_VALUE, true, 1)
                .events()
                .getFirst()
                .event()
                .id()
                .value();
    }

    private void ban(RoomId from, RoomId to, Requester requester) {
        for (Pdu member : states.ofType(from, EventTypes.MEMBER)) {
            if (Membership.of(member) == Membership.BAN) {
                commands.attempt(ChangeMembership.of(
                        to,
                        requester,
                        MembershipAction.BAN,
                        new UserId(member.key().stateKey()),
                        member.content().string("reason").orElse(null),
                        null,
                        null));
            }
        }
    }
}
