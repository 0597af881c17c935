package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.facts.RoomState;
import io.myelin.clientroomsend.facts.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.Requester;
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
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Upgrades rooms: several commands, to shards that know nothing of each other. Client-server API, "Room Upgrades".
 *
 * <p>The tombstone divides them. Before it the replacement is made, whole, by one command, and the bans are carried over;
 * nobody but its creator can know of it. After it, whatever points to the old room is moved, and the old room is closed
 * last. What is left to do can be seen in the old room at any time: its aliases, its place in the directory, its
 * levels. So a request that got no answer is repeated and goes on where it was:
 *
 * <ul>
 *   <li>without a tombstone: a room that this user began as the replacement, and that still is what would be made now, is
 *       taken up. If the old room's state has changed meanwhile another is made; the first stays behind, and its
 *       creator alone is in it;
 *   <li>with a tombstone: nothing is copied any more, so what has changed in the replacement since stays changed. Aliases
 *       that point nowhere, but pointed to the old room when it ended, had been on their way, and arrive;
 *   <li>with all of it done: the answer is the same room, and nothing happens.
 * </ul>
 *
 * <p>If nobody repeats it, the old room is as good as before until the tombstone is there, and after that the replacement is
 * complete but for what still points to the old room, and one alias at most, which then points nowhere. Two requests at once
 * may make two rooms; the newer tombstone counts. What a user has no power for, beyond the tombstone, is left as
 * it is.
 */
public final class Upgrades {
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final Replacements replacements;
    private final MovedAliases aliases;
    private final AttemptLimit limit;

    /** @param limit of events by one user; an upgrade counts as one, and so does the room it makes */
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
     * @throws MatrixException 404 if there is no such room, 403 if the user is not in it or may not end it
     */
    public RoomId upgrade(Session session, RoomId room, UpgradeRequest request) {
        RoomState old = states.require(room, wanted(session.user()));
        requirePermitted(session.user(), old);
        limit.attempt(session.user().value());
        List<Pdu> children = CopiedState.isSpace(old) ? states.ofType(room, CopiedState.SPACE_CHILD) : List.of();
        var replacement = Replacement.of(room, old, children, request, session.user());
        var requester = new Requester(session.user(), session.device(), null);
        Tombstone tombstone = Tombstone.of(old)
                .filter(end -> replacements.isBegun(end.replacement(), replacement))
                .orElseGet(() -> end(room, replacements.make(room, replacement, session), requester));
        moveOn(room, tombstone, replacement, requester);
        return tombstone.replacement();
    }

    /** All that follows the tombstone. Each step looks for itself whether there is anything to do. */
    private void moveOn(RoomId room, Tombstone tombstone, Replacement replacement, Requester requester) {
        aliases.move(room, tombstone, requester);
        boolean isPublished = rooms.isPublished(room);
        if (isPublished) {
            commands.attempt(new SetDirectoryVisibility(tombstone.replacement(), requester.user(), true));
        }
        replacements.settle(tombstone.replacement(), replacement, requester);
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
        keys.add(new StateKey(EventTypes.TOMBSTONE, ""));
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

    private Tombstone end(RoomId room, RoomId replacement, Requester requester) {
        var tombstone = new Tombstone(replacement, new LinkedHashSet<>(rooms.aliasesOf(room)));
        byte[] content = CanonicalJson.encode(tombstone.content());
        commands.send(new SendEvent(room, requester, EventTypes.TOMBSTONE, "", content, null, null, null), null);
        return tombstone;
    }
}
