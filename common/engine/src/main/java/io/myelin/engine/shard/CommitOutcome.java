package io.myelin.engine.shard;

import java.util.Set;

/** How a transaction ended. */
public sealed interface CommitOutcome {

    /** It is durable. */
    record Committed() implements CommitOutcome {}

    /** Nothing was done: these shards have another owner, or none. */
    record Fenced(Set<Integer> shards) implements CommitOutcome {}

    /** Nothing was done, for the reason that this SQLSTATE names. */
    record Refused(String sqlState, String message) implements CommitOutcome {}

    /** The connection was lost while committing: it may be durable, or not. */
    record Unknown() implements CommitOutcome {}
}
