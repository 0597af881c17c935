package io.myelin.clientsync.park;

import io.myelin.web.StreamedJson;

/** Takes the answer to a parked request. */
public interface Reply {
    void answer(StreamedJson content);

    void fail(RuntimeException reason);
}
