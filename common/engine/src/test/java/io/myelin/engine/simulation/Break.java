package io.myelin.engine.simulation;

/** A mechanic that a shell can get wrong. The simulation must notice each. */
enum Break {
    NONE,
    STORE_IGNORES_THE_EPOCH,
    STORE_FORGETS_TRANSACTIONS,
    STORE_FORGETS_COMMANDS,
    STORE_HIDES_CONFLICTS,
    STORE_LOSES_THE_OFFSET,
    STORE_LOSES_THE_OUTBOX,
    STORE_KEEPS_THE_EPOCH_OF_ITS_OWNER,
    STORE_FORGETS_ATTEMPTS,
    LOG_FORGETS_ITS_TOPIC_ID,
    LOG_FORGETS_ITS_LEADER_EPOCHS,
    REPLY_BEFORE_COMMIT,
    ORDERS_BEFORE_COMMIT,
    PUBLISH_BEFORE_COMMIT,
    PUBLISH_SKIPS,
    PUBLISH_FAILURE_HIDDEN,
    DEADLINE_IGNORED,
    LEASE_CLOCK_STANDS_STILL,
    ANSWER_OLDER_THAN_QUESTION,
    LOAD_NOT_FROM_ONE_SNAPSHOT,
    RESET_NOT_TOLD,
    REPLAY_SKIPS,
    LANES_REORDERED,
    CLAIM_TAKES_WHAT_OTHERS_OWN,
    CLAIM_IGNORES_THE_SHARE,
    LOOK_SEES_NO_OTHERS,
    RELEASED_BEFORE_IT_IS_DRAINED,
    RELEASED_BEFORE_IT_IS_PUBLISHED,
    ANSWERS_FOR_WHAT_IT_RELEASED,
    CALLERS_FORGOTTEN,
    PREPARATION_FORGOTTEN("no answer in calm weather"),
    LOAD_FAILURE_NOT_TOLD("no answer in calm weather"),
    STORE_SKIPS_ORDERS("outbox ["),
    STORE_PRUNES_ORDERS("times and applied"),
    FAILURE_SETTLES_ORDERS("times and applied"),
    STORE_COUNTS_LOST_LEASES("are said to have died"),
    TIMEOUT_SAID_TO_PASS("no answer in calm weather"),
    UNREADABLE_SKIPPED("was passed over");

    /** Text of the promise that is then broken; empty if any broken promise will do. */
    final String promise;

    Break() {
        this("");
    }

    Break(String promise) {
        this.promise = promise;
    }
}
