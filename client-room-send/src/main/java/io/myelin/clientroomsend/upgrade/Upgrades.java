package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.membership.Inheritance;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Upgrades rooms. Client-server API, "Room Upgrades".
 *
 * <p>One decision of a shard ends the old room and creates the new one, so neither happens without the other. Of two
 * requests at once the second finds the tombstone of the first. Afterwards the bans are copied, the aliases and the place
 * in the directory are moved, and the old room is restricted last. The old room always shows which of these steps are left:
 * by its aliases, its place in the directory and its power levels. So a client that got no answer repeats its request,
 * which continues with the steps that are left. A repetition copies nothing but bans, and those only of users of whom the
 * new room has no member event. If no step is left, the answer is the same room.
 *
 * <p>After the tombstone, a step for which the user lacks the power is skipped.
 */
public final class Upgrades {
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");
    private static final StateKey TOMBSTONE = new StateKey(EventTypes.TOMBSTONE, "");
    private static final int CONFLICT = 409;

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final Replacements replacements;
    private final MovedAliases aliases;
    private final Inheritance inheritance;
    private final AttemptLimit limit;

    /** @param limit how many events a user may send; an upgrade counts as one */
    public Upgrades(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            Replacements replacements,
            MovedAliases aliases,
            Inheritance inheritance,
            AttemptLimit limit) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
        this.replacements = replacements;
        this.aliases = aliases;
        this.inheritance = inheritance;
        this.limit = limit;
    }

    /**
     * Replaces a room.
     *
     * @return the replacement
     * @throws MatrixException 404 if there is no such room, 403 if the user is not in it or may not end it, 409 if another
     *     request has replaced it otherwise at the same time
     */
    public RoomId upgrade(Session session, RoomId room, UpgradeRequest request) {
        RoomState old = states.require(room, wanted(session.user()));
        requirePermitted(session.user(), old);
        limit.attempt(session.user());
        List<Pdu> children = CopiedState.isSpace(old) ? states.ofType(room, CopiedState.SPACE_CHILD) : List.of();
        var replacement = Replacement.of(room, old, children, request, session.user());
        RoomId to = existing(old, replacement).orElseGet(() -> replace(session, room, old, replacement));
        inheritance.follow(session.user(), room, to);
        moveOn(room, to, replacement, requester(session));
        return to;
    }

    /** The room that the tombstone names, if it was created as this replacement. */
    private Optional<RoomId> existing(RoomState old, Replacement replacement) {
        return Tombstone.replacement(old).filter(to -> replacements.isThere(to, replacement));
    }

    private RoomId replace(Session session, RoomId room, RoomState old, Replacement replacement) {
        replacement.requirePossible();
        CreateRoom creation = replacements.command(room, replacement, session);
        byte[] tombstone = CanonicalJson.encode(Tombstone.content(creation.room()));
        var both = new ReplaceRoom(room, Tombstone.of(old), tombstone, creation);
        if (!(commands.execute(both, null) instanceof RoomAnswer.Refused(MatrixError error))) {
            return creation.room();
        }
        if (error.status() == CONFLICT) {
            return states.current(room, TOMBSTONE)
                    .flatMap(now -> existing(now, replacement))
                    .orElseThrow(() -> new MatrixException(error));
        }
        throw new MatrixException(error);
    }

    /** The steps after the decision. Each step checks for itself whether it is still to be done. */
    private void moveOn(RoomId room, RoomId to, Replacement replacement, Requester requester) {
        replacements.ban(room, to, requester);
        aliases.move(room, to, requester);
        boolean isPublished = rooms.isPublished(room);
        if (isPublished) {
            commands.attempt(new SetDirectoryVisibility(to, requester.user(), true));
        }
        replacements.settle(to, replacement, requester);
        aliases.leave(room, requester);
        if (isPublished) {
            commands.attempt(new SetDirectoryVisibility(room, requester.user(), false));
        }
        states.current(room, POWER_LEVELS)
                .flatMap(NormalisedPowerLevels::of)
                .flatMap(NormalisedPowerLevels::restricted)
                .ifPresent(levels -> commands.attempt(new SendEvent(
                        room, requester, EventTypes.POWER_LEVELS, "", CanonicalJson.encode(levels), null, null, null)));
    }

    private static StateKey[] wanted(UserId user) {
        List<StateKey> keys = new ArrayList<>(CopiedState.keys());
        keys.add(new StateKey(EventTypes.MEMBER, user.value()));
        keys.add(POWER_LEVELS);
        keys.add(TOMBSTONE);
        return keys.toArray(StateKey[]::new);
    }

    private static void requirePermitted(UserId user, RoomState room) {
        if (!room.hasJoined(user)) {
            throw new MatrixException(MatrixError.forbidden("You are not in this room."));
        }
        if (!room.powerLevels().maySend(user, EventTypes.TOMBSTONE, true)) {
            throw new MatrixException(MatrixError.forbidden("You do not have the power to upgrade this room."));
        }
    }

    private static Requester requester(Session session) {
        return new Requester(session.user(), session.device(), null);
    }
}
