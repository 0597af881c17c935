package io.myelin.clientsync.sync;

import io.myelin.clientsync.token.SyncToken;
import io.myelin.matrix.state.StateMap;
import io.myelin.web.StreamedJson;

/**
 * An answer to {@code /sync}.
 *
 * @param content written when it is sent, from what was cut
 * @param news whether it tells anything
 * @param sent which members the connection has been sent with it
 */
public record SyncAnswer(StreamedJson content, boolean news, SyncToken next, StateMap<Long> sent) {

    /** All of it at once. */
    public byte[] body() {
        return content.toBytes();
    }
}
