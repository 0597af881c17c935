package io.myelin.kafka;

import io.myelin.engine.shard.Batch;
import java.util.concurrent.atomic.LongAdder;

/** What a loop has done since it was made. */
public final class LoopFigures {

    private final LongAdder commands = new LongAdder();
    private final LongAdder facts = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();

    LoopFigures() {}

    void committed(Batch<?> batch, long nanos) {
        for (Batch.OfShard<?> part : batch.shards()) {
            commands.add(part.done().size());
            part.done().forEach(done -> facts.add(done.facts().size()));
        }
        commits.increment();
        commitNanos.add(nanos);
    }

    void failed() {
        failures.increment();
    }

    /** Commands that were decided and committed; with {@link #commits}, the size of a batch. */
    public long commands() {
        return commands.sum();
    }

    /** Facts that were committed. */
    public long facts() {
        return facts.sum();
    }

    /** Transactions that committed. */
    public long commits() {
        return commits.sum();
    }

    /**
     * Transactions that did not commit: the shard has another owner, a command was repeated, or the database is away.
     */
    public long failures() {
        return failures.sum();
    }

    /** The time that all committed transactions took. */
    public long commitNanos() {
        return commitNanos.sum();
    }
}
