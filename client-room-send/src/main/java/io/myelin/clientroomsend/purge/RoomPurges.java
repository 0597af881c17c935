package io.myelin.clientroomsend.purge;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.facts.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;

/** Takes rooms away, for administrators. */
public final class RoomPurges {

    /** How far a purge is, in the words of Synapse's admin API. */
    public enum Status {
        /** Users of this server are made to leave. */
        SHUTTING_DOWN("shutting_down"),
        /** The room is unknown, and rows of it are still to go. */
        PURGING("purging"),
        COMPLETE("complete");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;

    public RoomPurges(RoomCommands commands, RoomQueries rooms, RoomStates states) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
    }

    /** @throws MatrixException 403 for whoever is no administrator, 404 if there is no such room */
    public DeleteId begin(Session session, RoomId room) {
        requireAdmin(session);
        commands.perform(new PurgeRoom(room, true, rooms.aliasesOf(room), null));
        return new DeleteId(room);
    }

    /** Of a purge that was begun: of a room that is here again since, that it has yet to go. */
    public Status status(Session session, DeleteId purge) {
        requireAdmin(session);
        RoomId room = purge.room();
        if (rooms.isBeingPurged(room)) {
            return Status.PURGING;
        }
        return states.current(room).isPresent() ? Status.SHUTTING_DOWN : Status.COMPLETE;
    }

    /** @throws MatrixException 404 if no rows of such a room are still to go */
    public DeleteId underWay(Session session, RoomId room) {
        requireAdmin(session);
        if (!rooms.isBeingPurged(room)) {
            throw new MatrixException(MatrixError.notFound("This room is not being purged."));
        }
        return new DeleteId(room);
    }

    private static void requireAdmin(Session session) {
        if (!session.admin()) {
            throw new MatrixException(MatrixError.forbidden("This is for administrators."));
        }
    }
}
