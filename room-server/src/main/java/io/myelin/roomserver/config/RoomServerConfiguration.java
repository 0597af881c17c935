package io.myelin.roomserver.config;

import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.kafka.Shell;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.postgres.Databases;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.roomserver.deletion.Pruning;
import io.myelin.roomserver.deletion.PurgeResumption;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.server.ShardServer;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.observability.StoredCount;
import io.myelin.server.rpc.Served;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of room-server. Needs {@link ServerSettings}, {@link RoomServerSettings}, {@link CurrentSettings}, the {@link SigningKey}, the {@link Databases}, the
 * {@link Shell} and an {@link InternalPort}.
 */
@Configuration(proxyBeanMethods = false)
public class RoomServerConfiguration {

    /** Created before the shell, so that the schema is migrated while Kafka starts. */
    @Bean(destroyMethod = "")
    ServiceDatabase roomDatabase(ServerSettings properties, Databases databases) {
        return new ServiceDatabase(
                RoomServer.NAME,
                databases.of(RoomServer.NAME),
                properties.database().poolSize());
    }

    @Bean
    StoredCount rooms(@Qualifier("roomDatabase") ServiceDatabase database) {
        return new StoredCount("myelin.rooms", "Rooms that are stored", database, "room");
    }

    @Bean
    RoomServer roomServer(
            ServerSettings properties,
            RoomServerSettings settings,
            CurrentSettings current,
            SigningKey key,
            @Qualifier("roomDatabase") ServiceDatabase database,
            InternalPort internalPort,
            Shell shell) {
        var rooms = settings.rooms();
        return RoomServer.of(
                properties.shards(),
                new EventSigner(ServerName.parse(properties.serverName()), key),
                () -> limits(current.of(RoomServerSettings.class).rooms()),
                rooms.memoryOr(Runtime.getRuntime().maxMemory() / 5),
                internalPort.url().toString(),
                database,
                shell);
    }

    private static RoomLimits limits(RoomServerSettings.Rooms rooms) {
        return new RoomLimits(rooms.stateSize().toBytes(), rooms.stateEntries(), rooms.members());
    }

    @Bean
    ShardServer<RoomEntity, RoomCommand, RoomChange> roomShards(RoomServer server) {
        return server.shards();
    }

    /** Starts only if pruning is enabled. */
    @Bean
    Pruning roomPruning(RoomServerSettings settings, RoomServer server) {
        Pruning pruning = new Pruning(server.shards(), settings.rooms().redactedKept());
        if (settings.rooms().pruneRedacted()) {
            pruning.start();
        }
        return pruning;
    }

    @Bean
    PurgeResumption purgeResumption(RoomServer server) {
        server.purges().start();
        return server.purges();
    }

    @Bean
    RoomQueries roomQueries(RoomServer server) {
        return server.queries();
    }

    @Bean
    RoomGraphQueries roomGraph(RoomServer server) {
        return server.graph();
    }

    @Bean
    Served<RoomGraphQueries> servedRoomGraph(RoomServer server) {
        return new Served<>(RoomContracts.GRAPH, server.graph(), server.shards());
    }

    @Bean
    Served<RoomQueries> servedRoomQueries(RoomServer server) {
        return new Served<>(RoomContracts.QUERIES, server.queries(), server.shards());
    }
}
