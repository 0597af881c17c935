package io.myelin.clientsync.park;

/** Where a parked request's answer goes. */
public interface Reply {
    void answer(byte[] body);

    void fail(RuntimeException reason);
}
