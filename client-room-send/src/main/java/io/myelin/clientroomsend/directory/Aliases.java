package io.myelin.clientroomsend.directory;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.RoomBlocks;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.ConfirmAlias;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.MoveAlias;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Aliases of this server. Each alias is an entity with a shard of its own, which decides which room it points to.
 * Client-server API, "Room aliases".
 */
public final class Aliases {
    private static final Duration CLAIM_OUTLIVES_DEADLINE = Duration.ofMinutes(1);

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final LocalServerCheck localServer;
    private final InstantSource clock;
    private final Duration deadline;

    /** @param deadline of a command */
    public Aliases(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            LocalServerCheck localServer,
            InstantSource clock,
            Duration deadline) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
        this.localServer = localServer;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** @throws MatrixException 400 if the two do not make an alias */
    public RoomAlias local(String localpart) {
        if (localpart.isEmpty() || localpart.indexOf(':') >= 0) {
            throw new MatrixException(MatrixError.invalidParam(
                    "'room_alias_name' is what stands between '#' and ':' of the alias, without either."));
        }
        return RoomAlias.of(localpart, localServer.server());
    }

    /**
     * The room that a room ID or an alias identifies.
     *
     * @throws MatrixException 400 if the text is neither room ID nor alias, 404 if it is an alias that points to no room
     */
    public RoomId resolve(String roomIdOrAlias) {
        return roomIdOrAlias.startsWith("#") ? find(RoomAlias.parse(roomIdOrAlias)) : RoomId.parse(roomIdOrAlias);
    }

    /** @throws MatrixException 404 if the alias points to no room */
    public RoomId find(RoomAlias alias) {
        if (!localServer.isOurs(alias)) {
            throw new MatrixException(MatrixError.notFound(
                    "This server cannot ask other servers, so it knows no room by the alias " + alias + "."));
        }
        return rooms.roomOf(alias).orElseThrow(() -> unknown(alias));
    }

    /** Makes an alias point to a room that the user is in. */
    public void create(Session session, RoomAlias alias, RoomId room) {
        requireOurs(alias);
        new RoomBlocks(rooms).requireUnblocked(room);
        RoomState state = states.require(
                room, new StateKey(EventTypes.MEMBER, session.user().value()));
        if (!session.admin() && !state.hasJoined(session.user())) {
            throw new MatrixException(MatrixError.forbidden("Only members of a room can make aliases for it."));
        }
        var answer = commands.execute(new ClaimAlias(alias, room, session.user(), true, lapses()), null);
        if (answer instanceof RoomAnswer.Refused(MatrixError error)) {
            throw isTaken(error)
                    ? new MatrixException(409, "M_UNKNOWN", "The alias " + alias + " exists already.")
                    : new MatrixException(error);
        }
    }

    /**
     * Reserves an alias for a room that is about to be created.
     *
     * @throws MatrixException 400 {@code M_ROOM_IN_USE} if the alias is taken
     */
    public void claim(RoomAlias alias, RoomId room, UserId creator) {
        var answer = commands.execute(new ClaimAlias(alias, room, creator, false, lapses()), null);
        if (answer instanceof RoomAnswer.Refused(MatrixError error)) {
            throw isTaken(error)
                    ? new MatrixException(400, "M_ROOM_IN_USE", "The alias " + alias + " is taken.")
                    : new MatrixException(error);
        }
    }

    /**
     * Confirms a claim after its room was created, so that the alias points to the room. The room's shard orders the same
     * confirmation; either may arrive first.
     */
    public void confirm(RoomAlias alias, RoomId room, UserId creator) {
        commands.perform(new ConfirmAlias(alias, room, creator));
    }

    /**
     * Releases a claim at once if its room was not created, so that its creator can try again. A failure is ignored,
     * because the claim expires anyway.
     */
    public void release(RoomAlias alias, RoomId room, UserId creator) {
        try {
            commands.execute(new ClaimAlias(alias, room, creator, false, 0), null);
        } catch (MatrixException lapsesLater) {
            return;
        }
    }

    /**
     * Deletes an alias. The user must have created the alias, or be permitted to set the aliases of its room.
     *
     * @return the room that it pointed to
     */
    public RoomId delete(Session session, RoomAlias alias) {
        requireOurs(alias);
        RoomId room = rooms.roomOf(alias).orElseThrow(() -> unknown(alias));
        boolean permitted = session.admin() || maySetAliases(session.user(), room);
        commands.perform(new DeleteAlias(alias, session.user(), permitted));
        return room;
    }

    /**
     * Makes an alias point to the replacement of its room; the alias keeps its creator. An alias that no longer points to
     * {@code from} stays as it is.
     */
    public void move(RoomAlias alias, RoomId from, RoomId to) {
        commands.attempt(new MoveAlias(alias, from, to));
    }

    /** The aliases of a room; for its members, and for everybody if the room is world-readable. */
    public List<RoomAlias> of(Session session, RoomId room) {
        boolean permitted = states.current(
                        room,
                        new StateKey(EventTypes.MEMBER, session.user().value()),
                        new StateKey(EventTypes.HISTORY_VISIBILITY, ""))
                .filter(state -> session.admin() || state.hasJoined(session.user()) || isWorldReadable(state))
                .isPresent();
        if (!permitted) {
            throw new MatrixException(MatrixError.forbidden("You are not in this room."));
        }
        return rooms.aliasesOf(room);
    }

    private boolean maySetAliases(UserId user, RoomId room) {
        return states.current(
                        room, new StateKey(EventTypes.MEMBER, user.value()), new StateKey(EventTypes.POWER_LEVELS, ""))
                .filter(state ->
                        state.hasJoined(user) && state.powerLevels().maySend(user, EventTypes.CANONICAL_ALIAS, true))
                .isPresent();
    }

    static boolean isWorldReadable(RoomState state) {
        return state.text(EventTypes.HISTORY_VISIBILITY, "history_visibility")
                .filter("world_readable"::equals)
                .isPresent();
    }

    private void requireOurs(RoomAlias alias) {
        if (!localServer.isOurs(alias)) {
            throw new MatrixException(MatrixError.invalidParam(
                    "Only aliases that end with :" + localServer.server() + " are kept here."));
        }
    }

    private long lapses() {
        return clock.millis() + deadline.plus(CLAIM_OUTLIVES_DEADLINE).toMillis();
    }

    private static boolean isTaken(MatrixError error) {
        return error.status() == 409 || error.errcode().equals("M_ROOM_IN_USE");
    }

    private static MatrixException unknown(RoomAlias alias) {
        return new MatrixException(MatrixError.notFound("There is no alias " + alias + "."));
    }
}
