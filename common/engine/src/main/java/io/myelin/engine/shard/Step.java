package io.myelin.engine.shard;

import java.util.Set;
import java.util.UUID;

/** The next action of the shell for a {@link ShardRuntime}, to be done at once and before any other input. */
public sealed interface Step<F> {

    /** Nothing can be decided before another input comes, or time has passed. */
    record Nothing<F>() implements Step<F> {}

    /** Look up kept answers → {@link ShardRuntime#found} or {@link ShardRuntime#findFailed}. */
    record LookUp<F>(Set<UUID> commands, Set<TransactionKey> transactions) implements Step<F> {}

    /** Commit → {@link ShardRuntime#committed(CommitOutcome, long)}. */
    record Commit<F>(Batch<F> batch) implements Step<F> {}
}
