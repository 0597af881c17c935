package io.myelin.roomserver.config;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.kafka.ShardServiceSpec;
import io.myelin.kafka.Shell;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.roomserver.decide.RoomDecider;
import io.myelin.roomserver.deletion.PurgeResumption;
import io.myelin.roomserver.queries.RoomGraph;
import io.myelin.roomserver.queries.RoomSnapshots;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.roomserver.storage.RelationIndexes;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.roomserver.storage.StoredStickyEvents;
import io.myelin.server.ShardServer;
import java.util.function.Supplier;

/**
 * The room-server of this process.
 *
 * @param shards starts and stops the service
 * @param purges resumes purges that stand still, once it is started
 */
public record RoomServer(
        ShardServer<RoomEntity, RoomCommand, RoomChange> shards,
        RoomQueries queries,
        RoomGraphQueries graph,
        PurgeResumption purges) {

    /** The name of the service and of its database schema. */
    public static final String NAME = "room";

    /**
     * A room-server that owns no shards before it is started.
     *
     * @param memory what the entities of all shards may take together, in bytes
     */
    public static RoomServer of(
            int shardCount,
            EventSigner signer,
            Supplier<RoomLimits> limits,
            long memory,
            String address,
            ServiceDatabase database,
            Shell shell) {
        RoomTables tables = new RoomTables(memory);
        ShardServer<RoomEntity, RoomCommand, RoomChange> shards = new ShardServer<>(
                new ShardServiceSpec<>(
                        NAME,
                        shardCount,
                        RoomTopics.INPUT.name(),
                        RoomTopics.OUTPUT.name(),
                        new RoomDecider(signer, shardCount, limits),
                        bytes -> Cbor.decode(bytes, RoomCommand.class),
                        change -> Cbor.encode(change.published()),
                        ShardLimits.DEFAULT.withMemory(memory)),
                tables,
                database,
                address,
                shell);
        RoomQueries queries =
                new RoomSnapshots(
                        database,
                        tables,
                        shards,
                        shardCount,
                        RelationIndexes.of(database)::ready,
                        StoredStickyEvents.index(database)::ready);
        return new RoomServer(
                shards,
                queries,
                new RoomGraph(database, tables, shardCount),
                new PurgeResumption(shards, tables, queries));
    }
}
