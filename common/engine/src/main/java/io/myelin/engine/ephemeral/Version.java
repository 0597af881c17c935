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

    private static final int COUNTED_SHIFT = 40;

    /** Incarnations from this one on are times in seconds since 1970; those before it were counted from 1. */
    private static final long FIRST_TIME = 1L << 30;

    /** Above every counted incarnation. Below it are 32 bits for the time, until 2140, and 30 for the owner's epoch. */
    private static final long TIMED = 1L << 62;

    private static final int TIME_SHIFT = 30;

    /** A later incarnation gives a higher epoch, whatever the epochs of the owners are. */
    static long epoch(long incarnation, long epoch) {
        return incarnation < FIRST_TIME
                ? incarnation << COUNTED_SHIFT | epoch
                : TIMED | incarnation - FIRST_TIME << TIME_SHIFT | epoch;
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
