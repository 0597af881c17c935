package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.LogReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The read barrier over all shards of a log, for one request. One question covers all shards. Only if it is not
 * answered in time, each shard is asked alone, to learn which are behind.
 */
final class ReadBarrier {
    private final LogReader log;
    private final int shardCount;
    private final CompletableFuture<Void> all;

    private ReadBarrier(LogReader log, int shardCount, CompletableFuture<Void> all) {
        this.log = log;
        this.shardCount = shardCount;
        this.all = all;
    }

    static ReadBarrier ask(LogReader log, int shardCount) {
        return new ReadBarrier(log, shardCount, log.barrier());
    }

    /** Completes when the barriers of all shards have been passed, or some cannot be passed. */
    CompletableFuture<Void> all() {
        return all;
    }

    boolean isPassed() {
        return all.isDone() && !all.isCompletedExceptionally();
    }

    /**
     * Asks for each shard alone, unless all are passed. Returns at once.
     *
     * @param executor where asking may block
     */
    List<CompletableFuture<Void>> each(Executor executor) {
        List<CompletableFuture<Void>> each = new ArrayList<>();
        for (int shard = 0; !isPassed() && shard < shardCount; shard++) {
            int one = shard;
            each.add(CompletableFuture.supplyAsync(() -> log.barrier(one), executor)
                    .thenCompose(barrier -> barrier));
        }
        return each;
    }

    /** The shards whose barriers have not been passed by now. */
    static BitSet behind(List<CompletableFuture<Void>> each) {
        BitSet behind = new BitSet();
        for (int shard = 0; shard < each.size(); shard++) {
            CompletableFuture<Void> passed = each.get(shard);
            behind.set(shard, !passed.isDone() || passed.isCompletedExceptionally());
        }
        return behind;
    }
}
