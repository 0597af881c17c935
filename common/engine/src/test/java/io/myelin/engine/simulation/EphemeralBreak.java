package io.myelin.engine.simulation;

/** A mechanic that the shell of an ephemeral service can get wrong. The simulation must notice each. */
enum EphemeralBreak {
    NONE,
    CLAIM_KEEPS_THE_EPOCH,
    INCARNATION_FORGOTTEN,
    INPUT_FROM_THE_END_ONLY,
    KEPT_IN_WORDS_ONLY,
    TIME_STANDS_STILL,
    ANSWER_LACKS_VALUES,
    QUESTION_WITHOUT_OUTCOME,
    RESET_NOT_TOLD,
    ALL_RECORDS_LOOK_OLD
}
