package io.myelin.clientsync.cache;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import java.util.List;

/** The cached shards that one log is folded into, on its tail's thread and without any I/O. */
public class FoldedLog<F> {
    private final List<? extends CachedShard<F>> shards;

    FoldedLog(List<? extends CachedShard<F>> shards) {
        this.shards = shards;
    }

    public void apply(int shard, Numbered<F> fact) {
        shards.get(shard).apply(fact);
    }

    public void reached(int shard, long seq) {
        shards.get(shard).reached(seq);
    }

    public void reset(int shard, Committed position) {
        shards.get(shard).reset(position);
    }
}
