package io.myelin.clientsync.ephemeral;

import io.myelin.engine.ephemeral.Version;

/** A cache of the values that an ephemeral service shows, on its tail's thread and without any I/O. */
public interface CachedValues<V> {

    /** A value that is newer than what came before for its key. */
    void changed(int shard, Version version, V value);

    /** All values of a shard are told again, until {@link #settled}. Until then the earlier values count. */
    void reset(int shard, Version asOf);

    void settled(int shard);
}
