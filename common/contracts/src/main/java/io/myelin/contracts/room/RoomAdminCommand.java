package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command by which an administrator of this server manages a room, or a part of such a command. */
public sealed interface RoomAdminCommand extends RoomCommand.OfRoom {

    /**
     * Purges the history before an event. From the answer on nobody is shown what comes before the event; the events are
     * deleted afterwards, some at a time. State events stay in the tables, since states consist of them. The position of the
     * answer is the number by which the purge is known ({@link RoomQueries#historyPurgeOf}).
     *
     * @param upTo the first event that stays
     * @param kept the server whose users' messages are not deleted, though nobody is shown them; null to delete all
     */
    record PurgeHistory(
            RoomId room, EventId upTo, @Nullable ServerName kept) implements RoomAdminCommand {}

    /**
     * A part of {@link PurgeHistory}: deletes some of the purged events.
     *
     * @param created the number of the room's create event, since a new room may have the same ID by now
     * @param purge the number of the purge
     * @param step counts from 0; a command with any other step than the next one is skipped
     */
    record DeleteHistory(RoomId room, long created, long purge, int step) implements RoomAdminCommand {}

    /**
     * A part of {@link RoomCommand.PurgeRoom}: deletes some rows of a purged room.
     *
     * @param created the number of the room's create event, since a new room may have the same ID by now
     * @param step counts from 0; a command with any other step than the next one is skipped
     */
    record DeletePurgedRows(RoomId room, long created, int step) implements RoomAdminCommand {}

    /**
     * The part of {@link RoomCommand.PurgeRoom} or {@link RoomCommand.RemoveGuests} for one user of this server, who leaves the
     * room if they are in it.
     */
    record RemoveMember(RoomId room, UserId user) implements RoomAdminCommand {}

    /** Blocks a room, which need not be known here: nobody of this server may join it or be invited to it. Or unblocks it. */
    record BlockRoom(RoomId room, UserId by, boolean blocked) implements RoomAdminCommand {}

    /**
     * What becomes of a room and its members when it is shut down.
     *
     * @param newRoom the room that this server's users and aliases are moved to; null for none
     * @param purged whether the room is deleted once this server's users were asked to leave; otherwise it stays, with the
     *     aliases that are not moved
     */
    record Shutdown(@Nullable RoomId newRoom, boolean purged) {}

    /**
     * Makes this server's users leave a room, invited and knocking ones too. Answered as {@link RoomCommand.PurgeRoom}, but
     * refused with 400 while the room is being shut down already.
     *
     * @param aliases this server's aliases that point to the room
     * @param after the last user who is done, null at first; the shard gives itself the command again for the users after
     *     them
     * @param resumed whether the shard goes on with a shutdown that stood still
     */
    record ShutDownRoom(
            RoomId room,
            List<RoomAlias> aliases,
            Shutdown shutdown,
            @Nullable UserId after,
            boolean resumed)
            implements RoomAdminCommand {}

    /**
     * The part of {@link ShutDownRoom} for one user of this server, who leaves the room, forgets it, and joins the new one if
     * they were joined.
     *
     * @param newRoom null for none
     */
    record MoveMember(RoomId room, UserId user, @Nullable RoomId newRoom) implements RoomAdminCommand {}
}
