package io.myelin.contracts.account;

import io.myelin.contracts.Contract;

/** What account-server has for the other services. */
public final class AccountContracts {
    private static final String SERVICE = "account-server";

    public static final Contract<AccountQueries> QUERIES =
            new Contract<>(SERVICE, "queries", AccountQueries.class, false);

    /** What stands behind {@link AccountCommands}. */
    public static final Contract<AccountOwner> OWNER = new Contract<>(SERVICE, "commands", AccountOwner.class, true);

    private AccountContracts() {}
}
