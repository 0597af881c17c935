package io.myelin.clientsync.park;

import io.myelin.web.StreamedJson;

/** Where a parked request's answer goes. */
public interface Reply {
    void answer(StreamedJson content);

    void fail(RuntimeException reason);
}
