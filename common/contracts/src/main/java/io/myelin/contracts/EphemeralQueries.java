package io.myelin.contracts;

import java.util.List;

/**
 * What the owner of an ephemeral shard knows; see {@code EphemeralShard}. Only the owner can answer, since it keeps its
 * values in memory.
 *
 * @param <V> a value, which names its key
 */
public interface EphemeralQueries<V> {

    /**
     * When a value became what it is. Of two, the one of the higher epoch is newer, within one the higher {@code n}.
     *
     * @param epoch of the shard's owner
     * @param n dense within neither a key nor an epoch
     */
    record Version(long epoch, long n) implements Comparable<Version> {

        public static final Version NONE = new Version(0, 0);

        @Override
        public int compareTo(Version other) {
            return epoch != other.epoch ? Long.compare(epoch, other.epoch) : Long.compare(n, other.n);
        }

        public boolean isAfter(Version other) {
            return compareTo(other) > 0;
        }
    }

    /** A value and its version. */
    record Versioned<V>(Version version, V value) {}

    /**
     * All values of a shard.
     *
     * @param asOf the newest version among all that the owner has given out
     * @param values also those that became empty within the last minutes
     */
    record ShardValues<V>(Version asOf, List<Versioned<V>> values) {}

    /** @throws Unavailable if no owner answers */
    ShardValues<V> values(int shard);
}
