package io.myelin.kafka;

/**
 * How many brokers keep the records of new topics.
 *
 * @param factor how many have each record; 0 is the smaller of {@link #USUAL} and the number of brokers
 * @param minInSync how many must have a record before it counts as written, never more than have it at all; 0 is half of
 *     them, rounded up
 */
public record Replication(int factor, int minInSync) {

    /** As the number of brokers suggests. */
    public static final Replication BY_CLUSTER = new Replication(0, 0);

    /** With three replicas and two in sync, any one broker may die without harm. */
    private static final int USUAL = 3;

    /** The numbers for a cluster of this many brokers, neither of them 0. */
    Replication in(int brokers) {
        int replicas = factor == 0 ? Math.max(1, Math.min(USUAL, brokers)) : factor;
        int inSync = minInSync == 0 ? (replicas + 1) / 2 : Math.min(minInSync, replicas);
        return new Replication(replicas, inSync);
    }
}
