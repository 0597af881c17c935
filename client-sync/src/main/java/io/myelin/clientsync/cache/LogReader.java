package io.myelin.clientsync.cache;

import java.util.concurrent.CompletableFuture;

/** What is asked of the tail that feeds a cache. */
public interface LogReader {

    /** Completes once everything is applied that is committed in the shard now. */
    CompletableFuture<Void> barrier(int shard);

    /** Completes once everything is applied that is committed in any shard now; fails if any cannot be asked. */
    CompletableFuture<Void> barrier();

    /** Completes once the shard's tail has reached a number. */
    CompletableFuture<Void> await(int shard, long seq);
}
