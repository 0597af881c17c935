package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.facts.RoomState;
import io.myelin.clientroomsend.facts.RoomStates;
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
 * <p>The old room ends and the new one begins in one decision, which a shard makes about both: neither is ever without the
 * other, and of two requests at once one finds the other's tombstone. Then the bans are carried over, whatever points to the
 * old room is moved, and the old room is closed last. All that is left to do can be seen in the old room at any time: its
 * aliases, its place in the directory, its levels. So a request that got no answer is repeated, and goes on where it was:
 * nothing is copied any more but bans, of users of whom the new room knows nothing. Where nothing is left to do the answer is
 * the same room, and nothing happens.
 *
 * <p>What a user has no power for, beyond the tombstone, is left as it is.
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
    private final AttemptLimit limit;

    /** @param limit of events by one user; an upgrade counts as one */
    public Upgrades(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            Replacements replacements,
            MovedAliases aliases,
            AttemptLimit limit) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
        this.replacements = replacements;
        this.aliases = aliases;
        this.limit = limit;
    }

    /**
     * Replaces a room.
     *
     * @return the replacement
     * @throws MatrixException 404 if there is no such room, 403 if the user is not in it or may not end it, 409 if
     *     somebody else has replaced it at the same time
     */
    public RoomId upgrade(Session session, RoomId room, UpgradeRequest request) {
        RoomState old = states.require(room, wanted(session.user()));
        requirePermitted(session.user(), old);
        limit.attempt(session.user().value());
        List<Pdu> children = CopiedState.isSpace(old) ? states.ofType(room, CopiedState.SPACE_CHILD) : List.of();
        var replacement = Replacement.of(room, old, children, request, session.user());
        RoomId to = existing(old, replacement).orElseGet(() -> replace(session, room, old, replacement));
        moveOn(room, to, replacement, requester(session));
        return to;
    }

    /** The room that the tombstone leads to, if that was made to be the replacement. */
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

    /** What follows both. Each step looks for itself whether there is anything to do. */
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
                .flatMap(LegiblePowerLevels::of)
                .flatMap(LegiblePowerLevels::restricted)
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
