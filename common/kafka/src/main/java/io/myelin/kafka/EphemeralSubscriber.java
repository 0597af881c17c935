package io.myelin.kafka;

import io.myelin.engine.ephemeral.Version;

/** Follows an {@link EphemeralTail}. All methods are called on the tail's thread, and do no I/O. */
public interface EphemeralSubscriber<V> {

    /** A value that is newer than what came before for its key. */
    void changed(int shard, Version version, V value);

    /**
     * What was known of the shard is void. What there is comes next, value by value with the versions that they had, and
     * then {@link #settled}.
     *
     * @param asOf up to where that is complete
     */
    void reset(int shard, Version asOf);

    /** All that is known of the shard has been told since {@link #reset}. */
    default void settled(int shard) {}
}
