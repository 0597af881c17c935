package io.myelin.accountserver.rendezvous;

import java.util.Optional;

/** Keeps the places of devices, for all instances. Times are milliseconds since the epoch. */
public interface MeetingStore {
    /** @return whether there was room: a place that is open gives way to no other */
    boolean insert(String protocol, Rendezvous opened);

    Optional<Rendezvous> find(String protocol, String id, long now);

    /**
     * Replaces the text if the place is in the state that {@code seen} names.
     *
     * @return whether it is replaced
     */
    boolean replace(String protocol, String id, String seen, String data, String token, long now);

    /** Whether the text replaced the state that {@code seen} names, and is still there. */
    boolean isRepeated(String protocol, String id, String seen, String data);

    boolean delete(String protocol, String id, long now);
}
