package io.myelin.clientsync.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.myelin.clientsync.cache.CacheLimits;
import io.myelin.clientsync.cache.Dispatcher;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.LogReader;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.kafka.AccountLogListener;
import io.myelin.clientsync.kafka.RoomLogListener;
import io.myelin.clientsync.kafka.TailReader;
import io.myelin.clientsync.park.LongPolls;
import io.myelin.clientsync.park.Newsroom;
import io.myelin.clientsync.read.EventReads;
import io.myelin.clientsync.read.Histories;
import io.myelin.clientsync.read.JoinedRooms;
import io.myelin.clientsync.read.Messages;
import io.myelin.clientsync.read.RoomEvents;
import io.myelin.clientsync.read.StateReads;
import io.myelin.clientsync.sync.Syncs;
import io.myelin.clientsync.web.ReaderErrors;
import io.myelin.clientsync.web.RoomReadController;
import io.myelin.clientsync.web.SyncController;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.kafka.Tail;
import io.myelin.web.config.MyelinProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * client-sync as beans. Needs the two tails, which whoever composes the services makes and starts: this only subscribes,
 * while the beans are made, so before they start.
 */
@Configuration(proxyBeanMethods = false)
@Import(ReaderErrors.class)
public class ClientSyncConfiguration {
    private final MyelinProperties properties;
    private final RoomQueries roomQueries;
    private final AccountQueries accountQueries;
    private final LogReader roomLog;
    private final LogReader accountLog;
    private final Clock clock = Clock.systemUTC();

    public ClientSyncConfiguration(
            MyelinProperties properties,
            RoomQueries roomQueries,
            AccountQueries accountQueries,
            Tail<RoomFact> roomTail,
            Tail<AccountFact> accountTail) {
        this.properties = properties;
        this.roomQueries = roomQueries;
        this.accountQueries = accountQueries;
        this.roomLog = new TailReader(roomTail);
        this.accountLog = new TailReader(accountTail);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService clientSyncExecutor() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    @Bean(destroyMethod = "")
    Newsroom newsroom(ExecutorService clientSyncExecutor) {
        return new Newsroom(clientSyncExecutor);
    }

    /** Idle for longer than any request is parked. */
    private CacheLimits cacheLimits() {
        return CacheLimits.ofThisMachine(properties.sync().maxTimeout().plus(Duration.ofMinutes(10)));
    }

    @Bean
    GlobalCache globalCache(Newsroom newsroom, ExecutorService clientSyncExecutor) {
        return new GlobalCache(properties.shards(), roomQueries, roomLog, newsroom, cacheLimits(), clientSyncExecutor);
    }

    @Bean
    UserCache userCache(GlobalCache globalCache, Newsroom newsroom) {
        return new UserCache(globalCache, roomQueries, accountQueries, roomLog, accountLog, newsroom, cacheLimits());
    }

    @Bean
    Dispatcher clientSyncDispatcher(
            GlobalCache globalCache,
            UserCache userCache,
            Newsroom newsroom,
            Tail<RoomFact> roomTail,
            Tail<AccountFact> accountTail) {
        Dispatcher dispatcher = new Dispatcher(globalCache, userCache, newsroom::deviceRemoved);
        roomTail.subscribe(new RoomLogListener(dispatcher));
        accountTail.subscribe(new AccountLogListener(dispatcher));
        return dispatcher;
    }

    @Bean
    LongPolls longPolls(
            GlobalCache globalCache, UserCache userCache, Newsroom newsroom, ObjectProvider<MeterRegistry> meters) {
        Syncs syncs = new Syncs(
                globalCache, userCache, roomLog, accountLog, properties.sync().timelineLimit(), clock);
        LongPolls polls = new LongPolls(syncs, newsroom);
        meters.ifAvailable(registry -> Gauge.builder("myelin.sync.parked", polls, LongPolls::size)
                .description("Requests for /sync that wait for news")
                .register(registry));
        return polls;
    }

    @Bean
    ParkedRequests parkedRequests(LongPolls longPolls) {
        return new ParkedRequests(longPolls);
    }

    @Bean
    SyncController syncController(LongPolls longPolls) {
        return new SyncController(
                longPolls,
                new Filters(accountQueries),
                properties.shards(),
                properties.sync().maxTimeout());
    }

    @Bean
    RoomReadController roomReadController(GlobalCache globalCache, UserCache userCache) {
        JoinedRooms joinedRooms = new JoinedRooms(globalCache, userCache, roomLog, new Histories(roomQueries));
        RoomEvents events = new RoomEvents(roomQueries, globalCache.loader());
        return new RoomReadController(
                joinedRooms,
                new StateReads(joinedRooms, events, properties.shards(), clock),
                new Messages(joinedRooms, events, properties.shards(), clock),
                new EventReads(joinedRooms, events, clock));
    }
}
