package io.myelin.clientsync.ephemeral;

import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that come one by one though they count together: all that an owner answers, and what a new owner says before
 * it has answered. Until they are complete, nobody is told of any, and no token names their versions.
 */
final class Settling<K, V> {
    private @Nullable Map<K, Versioned<V>> values;
    private Version asOf = Version.NONE;

    /** Of the owner that has answered last. */
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

    /** What waits is void: everything comes again. */
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

    /** It is complete. */
    Map<K, Versioned<V>> end() {
        Map<K, Versioned<V>> complete = values == null ? new HashMap<>() : values;
        values = null;
        epoch = asOf.epoch();
        return complete;
    }
}
