package io.myelin.roomserver.config;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomTopics;
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
import io.myelin.roomserver.decide.RoomDecider;
import io.myelin.roomserver.queries.RoomSnapshots;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.web.config.Phases;
import java.sql.SQLException;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.SmartLifecycle;

/** The room-server of this process: its tables, its lease, and the loop over the shards it owns. */
public final class RoomServer implements SmartLifecycle, AutoCloseable {

    private static final String NAME = "room";

    private final ServiceDatabase database;
    private final InstanceLease lease;
    private final Housekeeping housekeeping;
    private final PostgresShardStore<RoomEntity, RoomFact> store;
    private final ShardService<RoomEntity, RoomCommand, RoomFact> service;
    private final RoomQueries queries;
    private volatile boolean running;

    /** Migrates the schema; owns nothing before {@link #start}. */
    public RoomServer(
            DatabaseLogin login,
            int poolSize,
            int shardCount,
            EventSigner signer,
            KafkaSettings kafka,
            TopicWatch watch,
            Producer<byte[], byte[]> producer,
            Replies replies)
            throws SQLException {
        RoomTables tables = new RoomTables();
        database = new ServiceDatabase(NAME, login, poolSize);
        ShardSetup.prepare(database, shardCount);
        housekeeping = new Housekeeping(database);
        lease = new InstanceLease(database, "localhost");
        store = new PostgresShardStore<>(database, tables, lease::id);
        service = new ShardService<>(
                new ShardServiceSpec<>(
                        NAME,
                        shardCount,
                        RoomTopics.INPUT,
                        RoomTopics.OUTPUT,
                        new RoomDecider(signer, shardCount),
                        bytes -> Cbor.decode(bytes, RoomCommand.class),
                        Cbor::encode,
                        ShardLimits.DEFAULT),
                store,
                lease::holds,
                kafka,
                watch,
                producer,
                replies);
        queries = new RoomSnapshots(database, tables, store, service::committed, shardCount);
    }

    @Override
    public void start() {
        try {
            lease.start(service::hasTurned, service::lostEverything);
        } catch (SQLException e) {
            throw new IllegalStateException("The lease of room-server cannot be taken", e);
        }
        service.start();
        housekeeping.start();
        running = true;
    }

    /** Publishes what is committed, releases the shards, gives up the lease. */
    @Override
    public void stop() {
        if (running) {
            running = false;
            housekeeping.close();
            service.close();
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

    public RoomQueries queries() {
        return queries;
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return service.ownsAll();
    }

    @Override
    public void close() {
        stop();
        database.close();
    }
}
