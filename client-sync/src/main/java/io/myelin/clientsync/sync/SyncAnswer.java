package io.myelin.clientsync.sync;

import io.myelin.clientsync.token.SyncToken;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import io.myelin.web.StreamedJson;
import java.util.List;

/**
 * An answer to {@code /sync}.
 *
 * @param content written from the cut when it is sent
 * @param news whether it tells anything
 * @param sent the members that the connection has been sent once this answer is sent
 * @param echo when the newest event in it was made that this device has sent itself, in milliseconds since the epoch; 0 without such an event
 */
public record SyncAnswer(
        StreamedJson content,
        boolean news,
        SyncToken next,
        StateMap<Long> sent,
        DeviceListNews deviceLists,
        long echo) {

    /**
     * What the answer tells of device lists.
     *
     * @param changed whose devices the client has to ask for anew
     * @param left who shares no room with the user any more
     */
    public record DeviceListNews(List<UserId> changed, List<UserId> left) {}

    /** The whole response. */
    public byte[] body() {
        return content.toBytes();
    }
}
