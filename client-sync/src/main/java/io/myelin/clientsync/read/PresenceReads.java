package io.myelin.clientsync.read;

import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.sync.PresenceSection;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.time.Clock;
import java.util.Collections;

/** {@code GET /presence/{userId}/status}. */
public final class PresenceReads {
    private final JoinedRooms joinedRooms;
    private final PresenceCache presence;
    private final Clock clock;

    public PresenceReads(JoinedRooms joinedRooms, PresenceCache presence, Clock clock) {
        this.joinedRooms = joinedRooms;
        this.presence = presence;
        this.clock = clock;
    }

    /**
     * Of whom nothing was ever heard is offline.
     *
     * @throws MatrixException {@code M_FORBIDDEN} if the two are in no room together
     */
    public byte[] status(UserId viewer, UserId user) {
        if (!viewer.equals(user) && Collections.disjoint(joinedRooms.of(viewer), joinedRooms.of(user))) {
            throw new MatrixException(MatrixError.forbidden("You are in no room with this user."));
        }
        UserPresence now =
                presence.of(user).orElseGet(() -> new UserPresence(user, PresenceState.OFFLINE, 0, false, null));
        JsonWriter out = new JsonWriter(128);
        PresenceSection.writeContent(out, now, clock.millis());
        return out.toBytes();
    }
}
