package io.myelin.clientroomsend.notice;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Refuses to reject invitations to rooms with server notices, if there are such rooms. */
public final class NoticeInvitations {
    private final @Nullable NoticeRooms rooms;

    /** @param rooms null if there are no server notices */
    public NoticeInvitations(@Nullable NoticeRooms rooms) {
        this.rooms = rooms;
    }

    /** @throws io.myelin.web.MatrixException 403 if the user may not leave the room now */
    public void checkLeave(Session session, RoomId room) {
        if (rooms != null) {
            rooms.checkLeave(session.user(), room);
        }
    }

    /** As {@link #checkLeave}, for any state that a client sets. */
    public void checkState(Session session, RoomId room, String type, String stateKey, JsonObject content) {
        if (rooms != null) {
            rooms.checkLeave(session.user(), room, type, stateKey, content);
        }
    }
}
