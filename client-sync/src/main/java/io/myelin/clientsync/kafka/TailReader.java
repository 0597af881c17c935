package io.myelin.clientsync.kafka;

import io.myelin.clientsync.cache.LogReader;
import io.myelin.contracts.ShardQueries;
import io.myelin.kafka.Tail;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The tail that feeds a cache, as the cache sees it.
 *
 * @param asking runs the questions to the owner of the log, which may block
 */
public record TailReader(Tail<?> tail, Executor asking) implements LogReader {

    /**
     * An owner in this process answers from memory, so it is asked on the caller's thread; any other is asked by {@code
     * elsewhere}.
     */
    public static TailReader of(Tail<?> tail, ShardQueries<?> owner, Executor elsewhere) {
        return new TailReader(tail, Proxy.isProxyClass(owner.getClass()) ? elsewhere : Runnable::run);
    }

    @Override
    public CompletableFuture<Void> barrier(int shard) {
        return CompletableFuture.supplyAsync(() -> tail.barrier(shard), asking).thenCompose(Function.identity());
    }

    @Override
    public CompletableFuture<Void> barrier() {
        return CompletableFuture.supplyAsync(tail::barrier, asking).thenCompose(Function.identity());
    }

    @Override
    public CompletableFuture<Void> await(int shard, long seq) {
        return tail.await(shard, seq);
    }
}
