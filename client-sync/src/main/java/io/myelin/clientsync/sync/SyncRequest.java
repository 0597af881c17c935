package io.myelin.clientsync.sync;

import io.myelin.clientsync.filter.SyncFilter;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of {@code /sync}.
 *
 * @param since null for a first sync
 * @param sinceText as the client wrote it
 * @param stateAfter whether state is told as of the timeline's end ({@code use_state_after})
 * @param presence what syncing says of the user ({@code set_presence})
 * @param timeoutMillis how long it may be parked
 * @param style the form of the answer
 */
public record SyncRequest(
        Session session,
        @Nullable SyncToken since,
        @Nullable String sinceText,
        SyncFilter filter,
        boolean fullState,
        boolean stateAfter,
        PresenceState presence,
        long timeoutMillis,
        AnswerStyle style) {

    /** A request for {@code /sync} itself. */
    public SyncRequest(
            Session session,
            @Nullable SyncToken since,
            @Nullable String sinceText,
            SyncFilter filter,
            boolean fullState,
            boolean stateAfter,
            PresenceState presence,
            long timeoutMillis) {
        this(session, since, sinceText, filter, fullState, stateAfter, presence, timeoutMillis, AnswerStyle.SYNC);
    }

    public UserId user() {
        return session.user();
    }

    public boolean mayPark() {
        return since != null && !fullState && timeoutMillis > 0;
    }
}
