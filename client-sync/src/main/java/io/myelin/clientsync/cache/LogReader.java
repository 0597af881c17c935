package io.myelin.clientsync.cache;

import java.util.concurrent.CompletableFuture;

/** What a cache asks of the tail that feeds it. */
public interface LogReader {

    /** Completes once everything that is committed in the shard now has been applied. */
    CompletableFuture<Void> barrier(int shard);

    /**
     * Completes once everything that is committed in any shard now has been applied; fails if a shard cannot be asked.
     */
    CompletableFuture<Void> barrier();

    /** Completes once the shard's tail has reached a number. */
    CompletableFuture<Void> await(int shard, long seq);
}
