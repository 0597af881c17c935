package io.myelin.engine.shard;

/**
 * The engine's bounds.
 *
 * @param batch commands in one transaction at most
 * @param window offsets that may be read beyond the first that is not done
 * @param windowMillis how long the first that is not done may hold up that window before the partition is paused
 * @param doors commands at the door that may wait in one shard
 * @param memory bytes that the entities of all shards of a process may take together, unless more are in use
 * @param claimMillis between two looks at who owns what, while no shard is moving
 * @param conflictMillis for which kept answers are looked up first, after a conflict
 * @param retryMillis before something that failed is tried again
 * @param orderMillis before an order that was not answered is sent again; doubles up to a minute
 * @param windowBytes bytes of commands that have been read and are not done, in one shard
 * @param loadAttempts failed loads after which an entity counts as one that cannot be loaded, if others are loaded
 *     meanwhile
 * @param quarantineMillis the longest pause between two tries to load an entity that cannot be loaded
 * @param batchRows rows with which a transaction takes no further command
 * @param batchBytes bytes of facts, answers and orders with which a transaction takes no further command
 * @param publishBytes bytes handed over for publication and not acknowledged, in one shard; further facts are read from the
 *     log later
 * @param orderBytes bytes of orders kept in memory until they are answered, in one shard; the others stay in their rows
 * @param attempts claims without progress after which commands run singly and the first is given up
 */
public record ShardLimits(
        int batch,
        int window,
        long windowMillis,
        int localCallers,
        long memory,
        long claimMillis,
        long conflictMillis,
        long retryMillis,
        long orderMillis,
        int attempts,
        long windowBytes,
        int loadAttempts,
        long quarantineMillis,
        int batchRows,
        long batchBytes,
        long publishBytes,
        long orderBytes) {

    /** A twentieth of the heap. */
    private static final long MEMORY = Runtime.getRuntime().maxMemory() / 20;

    public static final ShardLimits DEFAULT = new ShardLimits(
            500, 2_000, 10_000, 10_000, MEMORY, 500, 1_000, 100, 5_000, 3, 8 << 20, 5, 60_000, 20_000, 8 << 20, 4 << 20,
            512 << 10);

    public ShardLimits withMemory(long bytes) {
        return new ShardLimits(
                batch,
                window,
                windowMillis,
                localCallers,
                bytes,
                claimMillis,
                conflictMillis,
                retryMillis,
                orderMillis,
                attempts,
                windowBytes,
                loadAttempts,
                quarantineMillis,
                batchRows,
                batchBytes,
                publishBytes,
                orderBytes);
    }
}
