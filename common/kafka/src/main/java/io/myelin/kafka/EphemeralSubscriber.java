package io.myelin.kafka;

import io.myelin.contracts.EphemeralQueries.Version;

/** Follows an {@link EphemeralTail}. Both methods are called on the tail's thread, and do no I/O. */
public interface EphemeralSubscriber<V> {

    /** A value that is newer than what came before for its key. */
    void changed(int shard, Version version, V value);

    /**
     * What was known of the shard is void.
     *
     * @param asOf older than whatever comes next
     */
    void reset(int shard, Version asOf);
}
