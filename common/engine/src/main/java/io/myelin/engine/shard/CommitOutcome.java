package io.myelin.engine.shard;

import java.util.Set;

/** How a transaction ended. */
public sealed interface CommitOutcome {

    /** The transaction is durable. */
    record Committed() implements CommitOutcome {}

    /** Nothing was done: these shards have another owner, or none. */
    record Fenced(Set<Integer> shards) implements CommitOutcome {}

    /**
     * Nothing was done.
     *
     * @param message the store's message, for a person
     */
    record Refused(Reason reason, String message) implements CommitOutcome {}

    /** The connection was lost while committing: the transaction may be durable or not. */
    record Unknown() implements CommitOutcome {}

    /** Why a store refuses a transaction, and so whether to try again. */
    enum Reason {
        /** The reason will pass: the same transaction may succeed a little later. */
        PASSING,
        /** The transaction took too long, or needed too much memory: a smaller one may succeed. */
        TOO_MUCH,
        /** A row with the same key exists: a command or a transaction that was done before. */
        DUPLICATE_KEY,
        /** The same transaction will be refused again. */
        LASTING
    }
}
