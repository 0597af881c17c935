package io.myelin.clientroomsend.send;

import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;

/**
 * What a user whose account is suspended may still send: redactions of their own events, and that they leave a room.
 * Client-server API, "Account suspension".
 */
public final class Suspension {
    private final RoomQueries rooms;

    public Suspension(RoomQueries rooms) {
        this.rooms = rooms;
    }

    /**
     * Checks an event.
     *
     * @param stateKey null for an event that is no state
     * @throws MatrixException 403 {@code M_USER_SUSPENDED}
     */
    public void check(Session session, RoomId room, String type, @Nullable String stateKey, JsonObject content) {
        if (!session.suspended()) {
            return;
        }
        boolean leaves = type.equals(EventTypes.MEMBER)
                && session.user().value().equals(stateKey)
                && content.string("membership").filter("leave"::equals).isPresent();
        if (!leaves) {
            String redacts = stateKey == null && type.equals(EventTypes.REDACTION)
                    ? content.string("redacts").orElse(null)
                    : null;
            if (redacts == null) {
                throw MatrixException.suspended();
            }
            checkRedaction(session, room, EventId.parse(redacts));
        }
    }

    /** @throws MatrixException 403 {@code M_USER_SUSPENDED} unless the user sent the event */
    public void checkRedaction(Session session, RoomId room, EventId event) {
        if (session.suspended()
                && rooms.event(room, event)
                        .filter(stored -> stored.event().sender().equals(session.user()))
                        .isEmpty()) {
            throw MatrixException.suspended();
        }
    }
}
