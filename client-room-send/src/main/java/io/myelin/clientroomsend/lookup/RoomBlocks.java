package io.myelin.clientroomsend.lookup;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.Optional;

/** The rooms that administrators have blocked. room-server itself refuses to let anybody in; this is for what else is refused. */
public final class RoomBlocks {
    private final RoomQueries rooms;

    public RoomBlocks(RoomQueries rooms) {
        this.rooms = rooms;
    }

    /** The administrator who has blocked the room; empty if it is not blocked, or if room-server is of the release before. */
    public Optional<UserId> by(RoomId room) {
        try {
            return rooms.blockedBy(room);
        } catch (NotOffered beforeBlocks) {
            return Optional.empty();
        }
    }

    /** @throws MatrixException 403 if the room is blocked */
    public void requireUnblocked(RoomId room) {
        if (by(room).isPresent()) {
            throw new MatrixException(MatrixError.forbidden("This room has been blocked on this server."));
        }
    }
}
