package io.myelin.clientroomsend.purge;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.RoomRequest;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shuts rooms down for administrators: makes this server's users leave, moves them and the aliases to a new room if wanted,
 * and deletes or blocks the room. Everything but the new room and its message is room-server's work, which goes on whatever
 * becomes of the request.
 */
public final class Shutdowns {
    /** How long a request of version 1 waits until the users have left and the aliases have moved. */
    static final Duration MOST_WAITING = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String PUBLIC_CHAT = "public_chat";
    private static final long SILENT = -10;

    /** The progress of a shutdown, in the words of Synapse's admin API. */
    public enum Status {
        ACTIVE("active"),
        COMPLETE("complete");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /**
     * What a shutdown has done so far.
     *
     * @param left the users who were in the room and are in it no more
     * @param still those who are still in it
     */
    public record Done(
            Status status,
            List<UserId> left,
            List<UserId> still,
            List<RoomAlias> aliases,
            @Nullable RoomId newRoom) {

        static final Done NOTHING = new Done(Status.COMPLETE, List.of(), List.of(), List.of(), null);
    }

    private final RoomCommands commands;
    private final RoomQueries queries;
    private final RoomStates states;
    private final Rooms rooms;
    private final RoomVersion version;
    private final InstantSource clock;

    /** @param version of new rooms */
    public Shutdowns(
            RoomCommands commands, RoomQueries queries, Rooms rooms, RoomVersion version, InstantSource clock) {
        this.commands = commands;
        this.queries = queries;
        this.states = new RoomStates(queries);
        this.rooms = rooms;
        this.version = version;
        this.clock = clock;
    }

    /** @throws MatrixException 403 if the requester is no administrator, 404 if there is no such room */
    public DeleteId begin(Session session, RoomId room, ShutdownRequest request) {
        Administrators.require(session);
        if (request.block() || request.newRoomUser() != null) {
            states.require(room); // else room-server says so; it may have to delete a room that cannot be read
        }
        if (queries.purgeOf(room).filter(PurgeProgress.USERS_LEAVE::equals).isPresent()) {
            throw new MatrixException(400, "M_UNKNOWN", "This room is being shut down already.");
        }
        shutDown(session, room, request);
        return new DeleteId(room);
    }

    /**
     * As {@link #begin}, and waits until the users have left and the aliases have moved, for {@link #MOST_WAITING} at most. A
     * room that nobody knows can be blocked.
     */
    public Done perform(Session session, RoomId room, ShutdownRequest request) {
        Administrators.require(session);
        if (request.block() && states.current(room).isEmpty()) {
            block(session, room);
            return Done.NOTHING;
        }
        begin(session, room, request);
        Instant until = clock.instant().plus(MOST_WAITING);
        Done done = done(room).orElse(Done.NOTHING);
        while (!isOver(room, done) && clock.instant().isBefore(until)) {
            pause();
            done = done(room).orElse(Done.NOTHING);
        }
        if (!isOver(room, done)) {
            throw new MatrixException(
                    504, "M_UNKNOWN", "This takes longer. It goes on; GET …/v2/rooms/" + room + "/delete_status says how.");
        }
        return done;
    }

    private boolean isOver(RoomId room, Done done) {
        boolean usersLeave = queries.purgeOf(room)
                .filter(PurgeProgress.USERS_LEAVE::equals)
                .isPresent();
        return !usersLeave
                && done.aliases().stream()
                        .noneMatch(alias -> queries.roomOf(alias).filter(room::equals).isPresent());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new MatrixException(503, "M_UNKNOWN", "The server stops. The room goes on being shut down.");
        }
    }

    private void block(Session session, RoomId room) {
        commands.perform(new BlockRoom(room, session.user(), true));
    }

    private void shutDown(Session session, RoomId room, ShutdownRequest request) {
        if (request.block()) {
            block(session, room);
        }
        UserId creator = request.newRoomUser();
        RoomId newRoom = creator == null ? null : newRoom(creator, request);
        commands.perform(new ShutDownRoom(
                room, queries.aliasesOf(room), new Shutdown(newRoom, request.purge()), null, false));
    }

    /** A room that anybody may join, in which only its creator may write. */
    private RoomId newRoom(UserId creator, ShutdownRequest request) {
        JsonObject body = JsonObject.builder()
                .put("name", request.roomName())
                .put("power_level_content_override", JsonObject.builder().put("users_default", SILENT).build())
                .build();
        RoomId room = rooms.createFor(creator, RoomRequest.parse(body, version, PUBLIC_CHAT));
        JsonObject message = JsonObject.builder()
                .put("msgtype", "m.text")
                .put("body", request.message())
                .build();
        commands.send(
                new SendEvent(
                        room,
                        new Requester(creator, null, null),
                        EventTypes.MESSAGE,
                        null,
                        CanonicalJson.encode(message),
                        null,
                        null,
                        null),
                null);
        return room;
    }

    /**
     * The shutdown with this ID.
     *
     * @throws MatrixException 403 if the requester is no administrator, whatever the ID; 404 if the text cannot be such an
     *     ID
     */
    public DeleteId named(Session session, String deleteId) {
        Administrators.require(session);
        return DeleteId.parse(deleteId);
    }

    /**
     * What the room's newest shutdown has done so far. It is never forgotten.
     *
     * @throws MatrixException 404 if there was none
     */
    public Done of(Session session, DeleteId shutdown) {
        Administrators.require(session);
        return done(shutdown.room())
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("This room was never shut down.")));
    }

    private Optional<Done> done(RoomId room) {
        Optional<RoomShutdown> shutdown = noted(room);
        Optional<PurgeProgress> purge = queries.purgeOf(room);
        Status status = shutdown.filter(noted -> !noted.purged())
                .map(noted -> noted.emptied() ? Status.COMPLETE : Status.ACTIVE)
                .orElseGet(() -> purge.filter(PurgeProgress.COMPLETE::equals).isPresent()
                        ? Status.COMPLETE
                        : Status.ACTIVE);
        if (shutdown.isEmpty()) {
            return purge.map(_ -> new Done(status, List.of(), List.of(), List.of(), null));
        }
        List<UserId> users = shutdown.get().users();
        List<UserId> in = stillIn(room, users);
        // Until the end it is not known who could not be made to leave.
        List<UserId> still = status == Status.COMPLETE ? in : List.of();
        return Optional.of(new Done(
                status,
                users.stream().filter(user -> !in.contains(user)).toList(),
                still,
                shutdown.get().aliases(),
                shutdown.get().newRoom()));
    }

    private Optional<RoomShutdown> noted(RoomId room) {
        try {
            return queries.shutdownOf(room);
        } catch (NotOffered beforeShutdowns) {
            return Optional.empty();
        }
    }

    private List<UserId> stillIn(RoomId room, List<UserId> users) {
        Optional<RoomState> state = states.current(
                room,
                users.stream()
                        .map(user -> new StateKey(EventTypes.MEMBER, user.value()))
                        .toList());
        return state.isEmpty()
                ? List.of()
                : users.stream().filter(state.get()::hasJoined).toList();
    }
}
