package io.myelin.accountserver.account;

import io.myelin.contracts.account.AccountFact;

/** A fact about a user, with the part of it that is stored and must not be published. */
public sealed interface AccountChange
        permits AccountChange.AccountSet,
                AccountChange.DeviceSet,
                AccountChange.DataSet,
                AccountChange.FilterSet,
                AccountChange.Plain,
                KeyChange {

    /** The part that is published. */
    AccountFact published();

    /** The account itself changed; {@code account} is its new state. */
    record AccountSet(AccountFact published, UserState.Account account) implements AccountChange {}

    /** A device is new or changed. */
    record DeviceSet(AccountFact.DeviceChanged published, Device device) implements AccountChange {}

    /** @param deleted whether there is no such account data any more */
    record DataSet(AccountFact.AccountDataChanged published, boolean deleted) implements AccountChange {}

    record FilterSet(AccountFact.FilterCreated published, byte[] filter) implements AccountChange {}

    /** A change that is published completely. */
    record Plain(AccountFact published) implements AccountChange {}
}
