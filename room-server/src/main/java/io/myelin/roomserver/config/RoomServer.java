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
import io.myelin.postgres.InstanceLease;
import io.myelin.postgres.PostgresShardStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardSetup;
import io.myelin.roomserver.decide.RoomDecider;
import io.myelin.roomserver.queries.RoomSnapshots;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.storage.RoomTables;
import java.sql.SQLException;
import org.apache.kafka.clients.producer.Producer;

/** The room-server of this process: its tables, its lease, and the loop over the shards it owns. */
public final class RoomServer implements AutoCloseable {

    private static final String NAME = "room";

    private final ServiceDatabase database;
    private final InstanceLease lease;
    private final PostgresShardStore<RoomEntity, RoomFact> store;
    private final ShardService<RoomEntity, RoomCommand, RoomFact> service;
    private final RoomQueries queries;

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

    public void start() throws SQLException {
        lease.start(service::hasTurned, service::lostEverything);
        service.start();
    }

    public RoomQueries queries() {
        return queries;
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return service.ownsAll();
    }

    /** Publishes what is committed, releases the shards, closes. */
    @Override
    public void close() {
        service.close();
        lease.close();
        store.close();
        database.close();
    }
}
