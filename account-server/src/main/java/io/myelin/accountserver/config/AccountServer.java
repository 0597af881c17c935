package io.myelin.accountserver.config;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.AccountDecider;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.ShardService;
import io.myelin.kafka.ShardServiceSpec;
import io.myelin.kafka.TopicWatch;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.Housekeeping;
import io.myelin.postgres.InstanceLease;
import io.myelin.postgres.PostgresShardStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardSetup;
import io.myelin.web.config.Phases;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.SmartLifecycle;

/** The shards of users in this process: their database, their lease and their loop, which start and stop together. */
public final class AccountServer implements SmartLifecycle, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ServiceDatabase database;
    private final InstanceLease lease;
    private final Housekeeping housekeeping;
    private final PostgresShardStore<UserState, AccountChange> store;
    private final ShardService<UserState, AccountCommand, AccountChange> service;
    private final StoredAccounts accounts;
    private volatile boolean running;

    /** @param poolSize connections for reading */
    public AccountServer(
            int shards,
            String address,
            DatabaseLogin login,
            int poolSize,
            KafkaSettings kafka,
            TopicWatch watch,
            Producer<byte[], byte[]> producer,
            Replies replies) {
        database = new ServiceDatabase(AccountTables.SCHEMA, login, poolSize);
        prepare(shards);
        AccountTables tables = new AccountTables();
        housekeeping = new Housekeeping(database);
        lease = new InstanceLease(database, address);
        store = new PostgresShardStore<>(database, tables, lease::id);
        service = new ShardService<>(
                new ShardServiceSpec<>(
                        "account",
                        shards,
                        AccountTopics.INPUT,
                        AccountTopics.OUTPUT,
                        new AccountDecider(shards),
                        bytes -> Cbor.decode(bytes, AccountCommand.class),
                        change -> Cbor.encode(change.published()),
                        ShardLimits.DEFAULT),
                store,
                lease::holds,
                kafka,
                watch,
                producer,
                replies);
        accounts = new StoredAccounts(shards, database, tables, store, service::committed);
    }

    private void prepare(int shards) {
        try {
            ShardSetup.prepare(database, shards);
        } catch (SQLException e) {
            throw new IllegalStateException("The schema of account-server cannot be prepared", e);
        }
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return service.ownsAll();
    }

    public StoredAccounts accounts() {
        return accounts;
    }

    public ShardService<UserState, AccountCommand, AccountChange> service() {
        return service;
    }

    @Override
    public void start() {
        try {
            lease.start(service::hasTurned, service::lostEverything);
        } catch (SQLException e) {
            throw new IllegalStateException("The lease of account-server cannot be taken", e);
        }
        service.start();
        housekeeping.start();
        running = true;
    }

    /** What is committed is published, then the shards are released and the lease is given up. */
    @Override
    public void stop() {
        if (running) {
            running = false;
            housekeeping.close();
            service.stop(PATIENCE);
            lease.close();
            store.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.RUNTIMES;
    }

    @Override
    public void close() {
        stop();
        database.close();
    }
}
