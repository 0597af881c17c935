package io.myelin.contracts.account;

import io.myelin.contracts.Contract;

/** The contracts that account-server offers to the other services. */
public final class AccountContracts {
    private static final String SERVICE = "account-server";

    public static final Contract<AccountQueries> QUERIES =
            new Contract<>(SERVICE, "queries", AccountQueries.class, false);

    /** The contract that {@link AccountCommands} calls. */
    public static final Contract<AccountOwner> OWNER = new Contract<>(SERVICE, "commands", AccountOwner.class, true);

    private AccountContracts() {}
}
