package io.myelin.engine.ephemeral;

/**
 * A tail's bounds.
 *
 * @param retryMillis before a failed question is asked again; doubles up to {@code longestRetryMillis}
 * @param silenceMillis after which the owner is asked whether it is there; longer than between two of its marks
 * @param voidMillis after which doubtful values are void if the owner does not answer
 */
public record ValueTailLimits(long retryMillis, long longestRetryMillis, long silenceMillis, long voidMillis) {

    public static final ValueTailLimits DEFAULT = new ValueTailLimits(200, 5_000, 150_000, 5_000);
}
