package io.myelin.clientsync.kafka;

import io.myelin.clientsync.cache.LogReader;
import io.myelin.kafka.Tail;
import java.util.concurrent.CompletableFuture;

/** The tail that feeds a cache, as the cache sees it. */
public record TailReader(Tail<?> tail) implements LogReader {

    @Override
    public CompletableFuture<Void> barrier(int shard) {
        return tail.barrier(shard);
    }

    @Override
    public CompletableFuture<Void> barrier() {
        return tail.barrier();
    }

    @Override
    public CompletableFuture<Void> await(int shard, long seq) {
        return tail.await(shard, seq);
    }
}
