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
 * What users whose accounts are suspended may still send: redactions of their own events, and that they leave a room.
 * Client-server API, "Account suspension".
 */
public final class Suspensions {
    private final RoomQueries rooms;

    public Suspensions(RoomQueries rooms) {
        this.rooms = rooms;
    }

    /**
     * Checks a message.
     *
     * @param redacts the event that it redacts; null for any other message
     * @throws MatrixException 403 {@code M_USER_SUSPENDED}
     */
    void checkMessage(Session session, RoomId room, @Nullable EventId redacts) {
        if (session.suspended() && (redacts == null || !isOwn(session, room, redacts))) {
            throw MatrixException.suspended();
        }
    }

    private boolean isOwn(Session session, RoomId room, EventId event) {
        return rooms.event(room, event)
                .filter(stored -> stored.event().sender().equals(session.user()))
                .isPresent();
    }

    /** @throws MatrixException 403 {@code M_USER_SUSPENDED} */
    static void checkState(Session session, String type, String stateKey, JsonObject content) {
        boolean leaves = type.equals(EventTypes.MEMBER)
                && stateKey.equals(session.user().value())
                && content.string("membership").filter("leave"::equals).isPresent();
        if (session.suspended() && !leaves) {
            throw MatrixException.suspended();
        }
    }
}
