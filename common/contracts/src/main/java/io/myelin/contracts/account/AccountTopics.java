package io.myelin.contracts.account;

import io.myelin.contracts.Topic;

/** The topics of account-server. Partition = shard of the user. */
public final class AccountTopics {

    /** Orders of other shards. */
    public static final Topic.Commands<AccountCommand> INPUT =
            new Topic.Commands<>("account.input", AccountCommand.class);

    public static final Topic.Facts<AccountFact> OUTPUT =
            new Topic.Facts<>("account.output", AccountFact.class, AccountContracts.QUERIES);

    private AccountTopics() {}
}
