package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;

/** Checks that guests join only rooms that allow guests. Client-server API, "Guest Access". */
public final class GuestAccess {
    private final RoomStates rooms;

    public GuestAccess(RoomStates rooms) {
        this.rooms = rooms;
    }

    /** @throws MatrixException 403 {@code M_GUEST_ACCESS_FORBIDDEN} for a guest whom the room does not let in */
    public void check(Session session, RoomId room) {
        if (session.guest() && !letsGuestsIn(room)) {
            throw new MatrixException(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests cannot join this room.");
        }
    }

    /**
     * The content of a user's own join. The server sets the field that says whether the user is a guest, and ignores the
     * client's.
     */
    public static JsonObject joining(Session session, JsonObject content) {
        return session.guest() ? content.with("kind", "guest") : content.without("kind");
    }

    private boolean letsGuestsIn(RoomId room) {
        return rooms.require(room, new StateKey(EventTypes.GUEST_ACCESS, ""))
                .text(EventTypes.GUEST_ACCESS, "guest_access")
                .filter("can_join"::equals)
                .isPresent();
    }
}
