package io.myelin.contracts.account;

import io.myelin.contracts.Contract;

/** The contracts that account-server offers to the other services. */
public final class AccountContracts {
    private static final String SERVICE = "account-server";

    public static final Contract<AccountQueries> QUERIES =
            new Contract<>(SERVICE, "queries", AccountQueries.class, false);

    /** The contract that {@link AccountCommands} calls. */
    public static final Contract<AccountOwner> OWNER = new Contract<>(SERVICE, "commands", AccountOwner.class, true);

    public static final Contract<LiveInstances> INSTANCES =
            new Contract<>(SERVICE, "instances", LiveInstances.class, true);

    public static final Contract<DelayedEvents> DELAYED_EVENTS =
            new Contract<>(SERVICE, "delayed-events", DelayedEvents.class, false);

    public static final Contract<Reports> REPORTS = new Contract<>(SERVICE, "reports", Reports.class, false);

    public static final Contract<ToDeviceInboxes> INBOXES =
            new Contract<>(SERVICE, "to-device-inboxes", ToDeviceInboxes.class, false);

    public static final Contract<IdentityLookups> IDENTITY_LOOKUPS =
            new Contract<>(SERVICE, "identity-lookups", IdentityLookups.class, false);

    private AccountContracts() {}
}
