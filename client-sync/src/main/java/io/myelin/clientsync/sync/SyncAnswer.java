package io.myelin.clientsync.sync;

import io.myelin.clientsync.token.SyncToken;
import io.myelin.matrix.state.StateMap;
import io.myelin.web.StreamedJson;

/**
 * An answer to {@code /sync}.
 *
 * @param content written from the cut when it is sent
 * @param news whether it tells anything
 * @param sent the members that the connection has been sent once this answer is sent
 */
public record SyncAnswer(StreamedJson content, boolean news, SyncToken next, StateMap<Long> sent) {

    /** The whole response. */
    public byte[] body() {
        return content.toBytes();
    }
}
