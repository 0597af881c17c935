package io.myelin.contracts.account;

/** The topics of account-server. */
public final class AccountTopics {

    /** {@link AccountCommand}s of other shards; partition = shard of the user. */
    public static final String INPUT = "account.input";

    /** {@link AccountFact}s; partition = shard of the user. */
    public static final String OUTPUT = "account.output";

    private AccountTopics() {}
}
