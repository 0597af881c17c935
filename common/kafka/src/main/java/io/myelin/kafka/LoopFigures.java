package io.myelin.kafka;

import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.ShardRuntime;
import java.util.concurrent.atomic.LongAdder;

/** What a loop has done since it was made. */
public final class LoopFigures {

    private final LongAdder commands = new LongAdder();
    private final LongAdder facts = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private volatile long givenUp;
    private volatile int quarantined;

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

    void skippedRecord() {
        skipped.increment();
    }

    /** Takes over the runtime's own figures, which only the loop may read. */
    void of(ShardRuntime<?, ?, ?> runtime) {
        givenUp = runtime.givenUp();
        quarantined = runtime.quarantined();
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

    /** Records of the input that this version does not understand. */
    public long skipped() {
        return skipped.sum();
    }

    /** Commands that were given up since owners died of them. */
    public long givenUp() {
        return givenUp;
    }

    /** Entities that cannot be loaded now; commands that need one are refused. */
    public int quarantined() {
        return quarantined;
    }

    /** The time that all committed transactions took. */
    public long commitNanos() {
        return commitNanos.sum();
    }
}
