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
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Upgrades rooms: several commands, to shards that know nothing of each other. Client-server API, "Room Upgrades".
 *
 * <p>Up to version 11 the tombstone comes first: the room's ID is chosen before, and its create event says the tombstone's.
 * From version 12 on the room comes first: its ID follows from its create event. Then the bans are carried over, whatever
 * points to the old room is moved, and the old room is closed last. All that is left to do can be seen in the old
 * room at any time: its tombstone, its aliases, its place in the directory, its levels. So a request that got no
 * answer is repeated, and goes on where it was. If the process died
 *
 * <ul>
 *   <li>after the tombstone, before the room (up to version 11): the room that the tombstone promises is made. Until then
 *       it leads nowhere, and the old room is as open as before. So it is if room-server does not take the room, for a
 *       reason that this service did not foresee;
 *   <li>after the room, before the tombstone (from version 12 on): a room that this user began as the replacement, and
 *       that still is what would be made now, is taken up. If the old room's state has changed meanwhile another one is
 *       made; the first stays behind, and its creator alone is in it;
 *   <li>after both: nothing is copied any more but bans, of users of whom the new room knows nothing. Aliases that point
 *       nowhere, but pointed to the old room when it ended, had been on their way, and arrive: one at most, which is
 *       lost if nobody repeats the request;
 *   <li>after all of it: the answer is the same room, and nothing happens.
 * </ul>
 *
 * <p>Two requests at once may make two rooms; the newer tombstone counts. What a user has no power for, beyond the
 * tombstone, is left as it is.
 */
public final class Upgrades {
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final Replacements replacements;
    private final MovedAliases aliases;
    private final AttemptLimit limit;

    /** @param limit of events by one user; an upgrade counts as one, or as two if it makes a room before it ends one */
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
        Optional<Tombstone> before = Tombstone.of(old);
        Tombstone tombstone = before.filter(end -> replacements.isThere(end.replacement(), replacement))
                .orElseGet(() -> replace(session, room, before, replacement));
        moveOn(room, tombstone, replacement, requester(session));
        return tombstone.replacement();
    }

    /** @param before the tombstone that the room has already */
    private Tombstone replace(Session session, RoomId room, Optional<Tombstone> before, Replacement replacement) {
        replacement.requirePossible();
        if (replacement.version().roomIdIsCreateEventHash()) {
            return end(session, room, replacements.findOrMake(room, replacement, session));
        }
        Tombstone tombstone = before.filter(end -> replacements.isMissing(end, replacement))
                .orElseGet(() -> end(session, room, replacements.newId()));
        replacements.make(tombstone, replacement, session);
        return tombstone;
    }

    private Tombstone end(Session session, RoomId room, RoomId replacement) {
        Set<RoomAlias> ofRoom = new LinkedHashSet<>(rooms.aliasesOf(room));
        byte[] content = CanonicalJson.encode(Tombstone.content(replacement, ofRoom));
        EventId event = commands.send(
                new SendEvent(room, requester(session), EventTypes.TOMBSTONE, "", content, null, null, null), null);
        return new Tombstone(event, session.user(), replacement, ofRoom);
    }

    /** What follows both, tombstone and room. Each step looks for itself whether there is anything to do. */
    private void moveOn(RoomId room, Tombstone tombstone, Replacement replacement, Requester requester) {
        replacements.ban(room, tombstone.replacement(), requester);
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

    private static Requester requester(Session session) {
        return new Requester(session.user(), session.device(), null);
    }
}
