package io.myelin.accountserver.account;

import io.myelin.contracts.account.AccountFact;

/** A fact, with what is kept of it and must not be published. */
public sealed interface AccountChange {

    /** What the world may know. */
    AccountFact published();

    /** The account itself changed; {@code account} is how it is now. */
    record AccountSet(AccountFact published, UserState.Account account) implements AccountChange {}

    /** A device is new or changed. */
    record DeviceSet(AccountFact.DeviceChanged published, Device device) implements AccountChange {}

    /** @param deleted whether there is no such account data any more */
    record DataSet(AccountFact.AccountDataChanged published, boolean deleted) implements AccountChange {}

    record FilterSet(AccountFact.FilterCreated published, byte[] filter) implements AccountChange {}

    /** The fact says it all. */
    record Plain(AccountFact published) implements AccountChange {}
}
