package io.myelin.clientsync.ephemeral;

import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that come one by one but count together: all that an owner answers, and those that a new owner publishes
 * before it has answered. Until they are complete, no client is told of any, and no token names their versions.
 */
final class PendingValues<K, V> {
    private @Nullable Map<K, Versioned<V>> values;
    private Version asOf = Version.NONE;

    /** The epoch of the owner that has answered last. */
    private long epoch;

    /** Whether a value of this version has to wait for others. */
    boolean takes(Version version) {
        if (values == null && version.epoch() > epoch) {
            values = new HashMap<>();
            asOf = version;
        }
        return values != null;
    }

    void put(K key, Versioned<V> value) {
        if (values != null) {
            values.put(key, value);
        }
    }

    /** Drops the values that wait: all values come again. */
    void begin(Version from) {
        values = new HashMap<>();
        asOf = from;
    }

    Version asOf() {
        return asOf;
    }

    boolean isOfAnotherEpoch() {
        return asOf.epoch() != epoch;
    }

    /** Ends the wait and returns the values, which are complete now. */
    Map<K, Versioned<V>> end() {
        Map<K, Versioned<V>> complete = values == null ? new HashMap<>() : values;
        values = null;
        epoch = asOf.epoch();
        return complete;
    }
}
