package io.myelin.engine.ephemeral;

/**
 * The version of a value. Of two versions, the one with the higher epoch is newer; in the same epoch, the one with the
 * higher number.
 *
 * @param epoch of the shard's owner, with the database's incarnation in its upper bits: it never goes back
 * @param n counts the changes in a shard and epoch, from 1; 0 for values that the owner began with
 */
public record Version(long epoch, long n) implements Comparable<Version> {

    public static final Version NONE = new Version(0, 0);

    private static final int INCARNATION_SHIFT = 40;

    static long epoch(long incarnation, long epoch) {
        return incarnation << INCARNATION_SHIFT | epoch;
    }

    @Override
    public int compareTo(Version other) {
        return epoch != other.epoch ? Long.compare(epoch, other.epoch) : Long.compare(n, other.n);
    }

    public boolean isAfter(Version other) {
        return compareTo(other) > 0;
    }

    Version orIfLater(Version other) {
        return other.isAfter(this) ? other : this;
    }
}
