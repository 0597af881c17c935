package io.myelin.clientroomsend.config;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomBlocks;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.purge.HistoryPurges;
import io.myelin.clientroomsend.purge.RoomAdmins;
import io.myelin.clientroomsend.purge.RoomList;
import io.myelin.clientroomsend.purge.Shutdowns;
import io.myelin.clientroomsend.web.BlockController;
import io.myelin.clientroomsend.web.HistoryPurgeController;
import io.myelin.clientroomsend.web.PurgeController;
import io.myelin.clientroomsend.web.RoomListController;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.settings.ServerSettings;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans by which administrators manage rooms. */
@Configuration(proxyBeanMethods = false)
class AdministrationConfiguration {
    private final ServerSettings properties;
    private final RoomCommands commands;
    private final RoomQueries queries;

    AdministrationConfiguration(ServerSettings properties, RoomCommands commands, RoomQueries queries) {
        this.properties = properties;
        this.commands = commands;
        this.queries = queries;
    }

    private ServerName server() {
        return ServerName.parse(properties.serverName());
    }

    @Bean
    PurgeController purgeRoomController(Rooms rooms) {
        var shutdowns = new Shutdowns(
                commands,
                queries,
                rooms,
                RoomVersions.find(properties.rooms().defaultVersion()).orElseThrow(),
                InstantSource.system());
        return new PurgeController(shutdowns, server());
    }

    @Bean
    HistoryPurgeController historyPurgeController() {
        return new HistoryPurgeController(new HistoryPurges(commands, queries, server()));
    }

    @Bean
    BlockController blockRoomController() {
        return new BlockController(commands, new RoomBlocks(queries));
    }

    @Bean
    RoomListController roomListController(RoomStates states, Profiles profiles, Aliases aliases) {
        return new RoomListController(
                new RoomList(queries, server(), properties.shards()),
                new RoomAdmins(commands, states, profiles, server()),
                aliases);
    }
}
