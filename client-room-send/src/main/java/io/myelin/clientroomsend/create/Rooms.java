package io.myelin.clientroomsend.create;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.directory.CanonicalAliases;
import io.myelin.clientroomsend.limit.MembershipLimits;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.membership.InvitePermissions;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.Invitee;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Creates rooms by one command, which room-server executes completely or not at all. An alias is claimed before the room is
 * created and confirmed afterwards. room-server's own transaction also orders the confirmation; the request is answered
 * after it.
 */
public final class Rooms {
    private final RoomCommands commands;
    private final Aliases aliases;
    private final Profiles profiles;
    private final LocalServerCheck localServer;
    private final InvitePermissions invitePermissions;
    private final MembershipLimits limits;
    private final int shards;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param shards how many shards of rooms there are
     * @param random must not be guessable
     */
    public Rooms(
            RoomCommands commands,
            Aliases aliases,
            Profiles profiles,
            LocalServerCheck localServer,
            InvitePermissions invitePermissions,
            MembershipLimits limits,
            int shards,
            InstantSource clock,
            RandomGenerator random) {
        this.commands = commands;
        this.aliases = aliases;
        this.profiles = profiles;
        this.localServer = localServer;
        this.invitePermissions = invitePermissions;
        this.limits = limits;
        this.shards = shards;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The command for a room that is created as part of another command; it does not count towards the limit. Its ID is in
     * the shard of another room, so that the shard can decide about both rooms at once.
     *
     * @param request without invitees or alias
     */
    public CreateRoom beside(RoomId other, Session session, RoomRequest request) {
        NewRoom room;
        do {
            room = NewRoom.of(request, session.user(), localServer.server(), clock.millis(), random);
        } while (!room.sharesShardWith(other, shards));
        return command(session, request, room, null);
    }

    public RoomId create(Session session, RoomRequest request) {
        request.invitees().forEach(localServer::requireInvitable);
        if (request.invitees().contains(session.user())) {
            throw new MatrixException(
                    MatrixError.invalidParam("Who creates a room is in it, and cannot be invited into it."));
        }
        RoomAlias alias = request.alias() == null ? null : aliases.local(request.alias());
        request.initialState().forEach(entry -> CanonicalAliases.checkInitial(entry, alias));
        limits.beforeCreation(session.user(), request.invitees());
        request.invitees().forEach(invitee -> invitePermissions.check(session.user(), invitee));
        var room = NewRoom.of(request, session.user(), localServer.server(), clock.millis(), random);
        RoomId created = create(session, request, room, alias);
        limits.afterCreation(session.user(), request.invitees());
        return created;
    }

    /**
     * Creates a room in the name of a user, for an administrator: it does not count towards the user's limit.
     *
     * @param request without invitees or alias
     */
    public RoomId createFor(UserId creator, RoomRequest request) {
        var room = NewRoom.of(request, creator, localServer.server(), clock.millis(), random);
        return create(new Session(creator, null, false, false, 0), request, room, null);
    }

    private RoomId create(Session session, RoomRequest request, NewRoom room, @Nullable RoomAlias alias) {
        CreateRoom command = command(session, request, room, alias);
        if (alias != null) {
            aliases.claim(alias, room.id(), session.user());
        }
        if (commands.execute(command, null) instanceof RoomAnswer.Refused refused) {
            if (alias != null) {
                aliases.release(alias, room.id(), session.user());
            }
            throw new MatrixException(refused.error());
        }
        if (alias != null) {
            aliases.confirm(alias, room.id(), session.user());
        }
        return room.id();
    }

    private CreateRoom command(Session session, RoomRequest request, NewRoom room, @Nullable RoomAlias alias) {
        List<Invitee> invitees = request.invitees().stream()
                .map(user -> new Invitee(user, profiles.of(user)))
                .toList();
        JsonObject powerLevels = request.powerLevels();
        return new CreateRoom(
                room.id(),
                new Requester(session.user(), session.device(), null),
                profiles.ofRequester(session.user()),
                request.version().id(),
                CanonicalJson.encode(room.creationContent()),
                room.timestamp(),
                request.preset(),
                request.published(),
                request.direct(),
                alias,
                request.name(),
                request.topic(),
                powerLevels == null ? null : CanonicalJson.encode(powerLevels),
                request.initialState(),
                invitees);
    }
}
