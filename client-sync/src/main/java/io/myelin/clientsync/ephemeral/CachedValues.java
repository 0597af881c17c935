package io.myelin.clientsync.ephemeral;

import io.myelin.engine.ephemeral.Version;

/** A cache of the values that an ephemeral service shows, on its tail's thread and without any I/O. */
public interface CachedValues<V> {

    /** A value that is newer than what came before for its key. */
    void changed(int shard, Version version, V value);

    /** What is known of a shard comes again, until {@link #settled}; until then what was known counts. */
    void reset(int shard, Version asOf);

    void settled(int shard);
}
