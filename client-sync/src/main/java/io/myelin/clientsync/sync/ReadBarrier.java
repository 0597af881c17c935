package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.LogReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The read barrier over all shards of a log, asked by one request. */
final class ReadBarrier {
    private final List<CompletableFuture<Void>> shards;
    private final CompletableFuture<Void> all;

    private ReadBarrier(List<CompletableFuture<Void>> shards) {
        this.shards = shards;
        this.all = CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new));
    }

    static ReadBarrier ask(LogReader log, int shardCount) {
        List<CompletableFuture<Void>> shards = new ArrayList<>(shardCount);
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(log.barrier(shard));
        }
        return new ReadBarrier(shards);
    }

    /** Completes when all shards have been passed, or have failed. */
    CompletableFuture<Void> all() {
        return all;
    }

    /** The shards whose tail has not come so far yet. */
    BitSet behind() {
        BitSet behind = new BitSet();
        for (int shard = 0; shard < shards.size(); shard++) {
            CompletableFuture<Void> passed = shards.get(shard);
            if (!passed.isDone() || passed.isCompletedExceptionally()) {
                behind.set(shard);
            }
        }
        return behind;
    }
}
