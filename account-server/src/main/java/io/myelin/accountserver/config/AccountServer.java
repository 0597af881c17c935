package io.myelin.accountserver.config;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.AccountDecider;
import io.myelin.accountserver.account.AccountLimits;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.accountserver.storage.DeviceActivityTable;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.kafka.ShardServiceSpec;
import io.myelin.kafka.Shell;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.ShardServer;
import java.util.function.Supplier;

/**
 * The account-server of this process.
 *
 * @param shards the running shards; starts and stops them
 */
public record AccountServer(ShardServer<UserState, AccountCommand, AccountChange> shards, StoredAccounts accounts) {

    /** An account-server that owns no shard until its shards are started. */
    public static AccountServer of(
            int shardCount,
            Supplier<AccountLimits> limits,
            String address,
            ServiceDatabase database,
            DeviceActivityTable activity,
            StoredAccounts.FirstUse firstUse,
            Shell shell) {
        var tables = new AccountTables();
        var shards = new ShardServer<UserState, AccountCommand, AccountChange>(
                new ShardServiceSpec<>(
                        AccountTables.SCHEMA,
                        shardCount,
                        AccountTopics.INPUT.name(),
                        AccountTopics.OUTPUT.name(),
                        new AccountDecider(shardCount, limits),
                        bytes -> Cbor.decode(bytes, AccountCommand.class),
                        change -> Cbor.encode(change.published()),
                        ShardLimits.DEFAULT),
                tables,
                database,
                address,
                shell);
        return new AccountServer(shards, new StoredAccounts(shardCount, database, tables, shards, activity, firstUse));
    }
}
