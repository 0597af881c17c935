package io.myelin.clientsync.config;

import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.read.AdminReads;
import io.myelin.clientsync.read.EventByTime;
import io.myelin.clientsync.read.EventReads;
import io.myelin.clientsync.read.JoinedRooms;
import io.myelin.clientsync.read.Messages;
import io.myelin.clientsync.read.RelationReads;
import io.myelin.clientsync.read.RoomEvents;
import io.myelin.clientsync.space.MutualRooms;
import io.myelin.clientsync.space.RoomOverviews;
import io.myelin.clientsync.space.SpaceHierarchy;
import io.myelin.clientsync.web.AdminReadController;
import io.myelin.clientsync.web.FindingController;
import io.myelin.clientsync.web.LargeAnswers;
import io.myelin.clientsync.web.RelationController;
import io.myelin.clientsync.web.UserInspectionController;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.ServerName;
import io.myelin.settings.ServerSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that find events by their relations, rooms that a user may not be in yet, and what administrators read. */
@Configuration(proxyBeanMethods = false)
class FindingConfiguration {
    private final ServerSettings properties;
    private final RoomQueries roomQueries;
    private final Clock clock = Clock.systemUTC();

    FindingConfiguration(ServerSettings properties, RoomQueries roomQueries) {
        this.properties = properties;
        this.roomQueries = roomQueries;
    }

    @Bean
    RelationController relationController(GlobalCache globalCache, JoinedRooms joinedRooms, LargeAnswers largeAnswers) {
        return new RelationController(
                new RelationReads(
                        joinedRooms, new RoomEvents(roomQueries, globalCache.loader()), properties.shards(), clock),
                largeAnswers);
    }

    @Bean
    AdminReadController adminReadController(GlobalCache globalCache, JoinedRooms joinedRooms, LargeAnswers largeAnswers) {
        JoinedRooms all = joinedRooms.forAdministrators();
        RoomEvents events = new RoomEvents(roomQueries, globalCache.loader());
        return new AdminReadController(
                new AdminReads(all, clock),
                new Messages(all, events, properties.shards(), clock),
                new EventReads(all, events, clock),
                new EventByTime(all, events),
                largeAnswers);
    }

    @Bean
    UserInspectionController userInspectionController(AccountQueries accountQueries, LargeAnswers largeAnswers) {
        return new UserInspectionController(
                ServerName.parse(properties.serverName()), roomQueries, accountQueries, largeAnswers);
    }

    @Bean
    FindingController findingController(GlobalCache globalCache, JoinedRooms joinedRooms, LargeAnswers largeAnswers) {
        RoomOverviews overviews = new RoomOverviews(roomQueries, joinedRooms);
        return new FindingController(
                overviews,
                new SpaceHierarchy(roomQueries, overviews),
                new MutualRooms(joinedRooms, roomQueries),
                new EventByTime(joinedRooms, new RoomEvents(roomQueries, globalCache.loader())),
                largeAnswers);
    }
}
