package io.myelin.web.session;

import java.util.concurrent.CompletableFuture;

/** The read barrier of the tail of {@code account.output}. */
@FunctionalInterface
public interface ShardBarrier {

    /** Completes once the tail has applied whatever is committed in the shard now. */
    CompletableFuture<Void> barrier(int shard);
}
