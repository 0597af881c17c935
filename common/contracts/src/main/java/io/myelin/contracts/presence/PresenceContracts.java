package io.myelin.contracts.presence;

import io.myelin.contracts.Contract;

/** The contract that presence-server offers to the other services. */
public final class PresenceContracts {
    public static final Contract<PresenceQueries> QUERIES =
            new Contract<>("presence-server", "queries", PresenceQueries.class, true);

    private PresenceContracts() {}
}
