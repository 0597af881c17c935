package io.myelin.contracts.typing;

import io.myelin.contracts.Contract;

/** The contract that typing-server offers to the other services. */
public final class TypingContracts {
    public static final Contract<TypingQueries> QUERIES =
            new Contract<>("typing-server", "queries", TypingQueries.class, true);

    private TypingContracts() {}
}
