package io.myelin.clientsync.kafka;

import io.myelin.clientsync.cache.FoldedLog;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;

/** Feeds the output topic of a server into the caches. */
public record LogListener<F>(FoldedLog<F> log) implements TailSubscriber<F> {

    @Override
    public void apply(int shard, Numbered<F> fact) {
        log.apply(shard, fact);
    }

    @Override
    public void reset(int shard, Committed position) {
        log.reset(shard, position);
    }

    @Override
    public void reached(int shard, long seq) {
        log.reached(shard, seq);
    }
}
