package io.myelin.kafka;

import io.myelin.engine.ephemeral.Version;

/** Follows an {@link EphemeralTail}. All methods are called on the tail's thread, and do no I/O. */
public interface EphemeralSubscriber<V> {

    /** A value that is newer than what came before for its key. */
    void changed(int shard, Version version, V value);

    /**
     * All earlier values of the shard are void. The current values follow in {@link #changed}, each with its own
     * version, and then {@link #settled}.
     *
     * @param asOf the version up to which the values that follow are complete
     */
    void reset(int shard, Version asOf);

    /** All current values of the shard have been delivered since {@link #reset}. */
    default void settled(int shard) {}
}
