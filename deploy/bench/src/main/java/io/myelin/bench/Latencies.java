package io.myelin.bench;

/**
 * A histogram of durations with a relative error below one percent, whatever their number: each power of two of
 * nanoseconds is divided into 128 buckets. Not thread-safe: each worker fills its own, {@link #add} joins them.
 */
final class Latencies {

    private static final int BITS = 7;
    private static final int BUCKETS = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * BUCKETS];
    private long count;
    private long max;

    void record(long nanos) {
        var value = Math.max(0, nanos);
        counts[index(value)]++;
        count++;
        max = Math.max(max, value);
    }

    void add(Latencies other) {
        for (var i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    long count() {
        return count;
    }

    long max() {
        return max;
    }

    /**
     * The smallest duration in nanoseconds that {@code percent} of all do not exceed (nearest rank); 0 if there are none.
     *
     * @param percent above 0, at most 100
     */
    long percentile(double percent) {
        var rank = Math.max(1, (long) Math.ceil(count * percent / 100));
        long seen = 0;
        for (var i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(max, highest(i));
            }
        }
        return 0;
    }

    private static int index(long value) {
        if (value < BUCKETS) {
            return (int) value;
        }
        var shift = Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value);
        return (shift + 1) * BUCKETS + (int) ((value >>> shift) - BUCKETS);
    }

    private static long highest(int index) {
        if (index < BUCKETS) {
            return index;
        }
        var shift = index / BUCKETS - 1;
        return ((long) (index % BUCKETS + BUCKETS + 1) << shift) - 1;
    }
}
