package io.myelin.contracts.account;

/**
 * Counts the living instances of services that keep no rows, so that each can apply its part of a limit. The owner of one
 * shard counts for all, in memory: a new owner has heard of everybody within the second in which all report.
 */
public interface LiveInstances {

    /** The shard whose owner counts. */
    int SHARD = 0;

    /** How often an instance reports, in milliseconds. */
    long REPORT_MILLIS = 1_000;

    /** How long an instance counts after its last report, in milliseconds. */
    long REMEMBERED_MILLIS = 5_000;

    /**
     * Reports that an instance lives.
     *
     * @param shard {@link #SHARD}
     * @param instance a name that no other instance of the service has
     * @return how many instances of the service have reported of late, this one included
     */
    int report(int shard, String service, String instance);
}
