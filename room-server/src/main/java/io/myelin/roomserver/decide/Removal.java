package io.myelin.roomserver.decide;

import io.myelin.contracts.room.RoomAdminCommand.MoveMember;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomAdminCommand.RemoveMember;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a purge and a shutdown of a room have in common: our users leave, slice by slice.
 *
 * @param force whether users of this server are made to leave
 * @param after the last user who is done; null at first
 * @param shutdown null for a purge
 * @param resumed whether the room may be closed already
 */
record Removal(
        RoomId room,
        boolean force,
        List<RoomAlias> aliases,
        @Nullable UserId after,
        @Nullable Shutdown shutdown,
        boolean resumed) {

    static Removal of(PurgeRoom purge) {
        return new Removal(purge.room(), purge.force(), purge.aliases(), purge.after(), null, false);
    }

    static Removal of(ShutDownRoom command) {
        return new Removal(
                command.room(), true, command.aliases(), command.after(), command.shutdown(), command.resumed());
    }

    /** Whether an administrator has asked for this now. */
    boolean begins() {
        return shutdown != null && after == null && !resumed;
    }

    /** Whether the room is not deleted. */
    boolean stays() {
        return shutdown != null && !shutdown.purged();
    }

    @Nullable
    RoomId newRoom() {
        return shutdown == null ? null : shutdown.newRoom();
    }

    /** The command for one user. */
    RoomCommand of(UserId user) {
        return shutdown == null ? new RemoveMember(room, user) : new MoveMember(room, user, shutdown.newRoom());
    }

    /** The command for the users after one. */
    RoomCommand after(UserId user) {
        return shutdown == null
                ? new PurgeRoom(room, true, aliases, user)
                : new ShutDownRoom(room, aliases, shutdown, user, false);
    }
}
