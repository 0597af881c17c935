package io.myelin.clientroomsend.purge;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;

/** Purges rooms for administrators. */
public final class RoomPurges {

    /** The progress of a purge, in the words of Synapse's admin API. */
    public enum Status {
        /** Users of this server are made to leave. */
        SHUTTING_DOWN("shutting_down"),
        /** The room is unknown, and some of its rows are still to be deleted. */
        PURGING("purging"),
        COMPLETE("complete");

        static Status of(PurgeProgress progress) {
            return switch (progress) {
                case USERS_LEAVE -> SHUTTING_DOWN;
                case ROWS_GO -> PURGING;
                case COMPLETE -> COMPLETE;
            };
        }

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

    public RoomPurges(RoomCommands commands, RoomQueries rooms) {
        this.commands = commands;
        this.rooms = rooms;
    }

    /** @throws MatrixException 403 if the requester is no administrator, 404 if there is no such room */
    public DeleteId begin(Session session, RoomId room) {
        requireAdmin(session);
        commands.perform(new PurgeRoom(room, true, rooms.aliasesOf(room), null));
        return new DeleteId(room);
    }

    /**
     * The purge with this ID.
     *
     * @throws MatrixException 403 if the requester is no administrator, whatever the ID; 404 if the text cannot be such an
     *     ID
     */
    public DeleteId named(Session session, String deleteId) {
        requireAdmin(session);
        return DeleteId.parse(deleteId);
    }

    /**
     * The status of the room's newest purge, which is never forgotten.
     *
     * @throws MatrixException 404 if there was none
     */
    public Status status(Session session, DeleteId purge) {
        requireAdmin(session);
        return rooms.purgeOf(purge.room())
                .map(Status::of)
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("This room was never purged.")));
    }

    private static void requireAdmin(Session session) {
        if (!session.admin()) {
            throw new MatrixException(MatrixError.forbidden("This is for administrators."));
        }
    }
}
