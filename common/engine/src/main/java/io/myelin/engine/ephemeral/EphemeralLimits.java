package io.myelin.engine.ephemeral;

/**
 * The engine's bounds.
 *
 * @param claimMillis between two looks for free shards
 * @param retryMillis before something that failed is tried again
 * @param outstanding records of a shard that may be on their way to the broker
 * @param forgetMillis for which a key is kept after it became blank
 * @param markMillis of quiet after which a mark follows; doubles up to {@code longestMarkMillis}
 * @param keepMillis between two times that a shard's states are stored
 * @param keepMost states stored at once
 * @param drainMillis for which a shard that is given up waits for its work under way
 */
public record EphemeralLimits(
        long claimMillis,
        long retryMillis,
        int outstanding,
        long forgetMillis,
        long markMillis,
        long longestMarkMillis,
        long keepMillis,
        int keepMost,
        long drainMillis) {

    public static final EphemeralLimits DEFAULT =
            new EphemeralLimits(500, 300, 1_000, 60_000, 2_000, 60_000, 60_000, 2_000, 2_000);
}
