package io.myelin.clientsync.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.myelin.clientsync.activity.Activities;
import io.myelin.clientsync.cache.DeviceLists;
import io.myelin.clientsync.cache.Dispatcher;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.clientsync.cache.ReceiptCache;
import io.myelin.clientsync.cache.SharedRooms;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.ephemeral.TypingCache;
import io.myelin.clientsync.ephemeral.TypingEnds;
import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.kafka.LogListener;
import io.myelin.clientsync.kafka.SyncActivityPublisher;
import io.myelin.clientsync.kafka.TailReader;
import io.myelin.clientsync.kafka.TypingEndListener;
import io.myelin.clientsync.kafka.TypingEndPublisher;
import io.myelin.clientsync.kafka.ValueListener;
import io.myelin.clientsync.park.LongPolls;
import io.myelin.clientsync.park.PresenceNews;
import io.myelin.clientsync.park.WaitingRequests;
import io.myelin.clientsync.read.EventReads;
import io.myelin.clientsync.read.Histories;
import io.myelin.clientsync.read.JoinedRooms;
import io.myelin.clientsync.read.Messages;
import io.myelin.clientsync.read.Peeks;
import io.myelin.clientsync.read.PresenceReads;
import io.myelin.clientsync.read.RoomEvents;
import io.myelin.clientsync.read.StateReads;
import io.myelin.clientsync.sync.SyncLogs;
import io.myelin.clientsync.sync.Syncs;
import io.myelin.clientsync.web.KeyChangesController;
import io.myelin.clientsync.web.LargeAnswers;
import io.myelin.clientsync.web.OldSyncController;
import io.myelin.clientsync.web.PresenceController;
import io.myelin.clientsync.web.ReaderErrors;
import io.myelin.clientsync.web.RoomReadController;
import io.myelin.clientsync.web.SyncController;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.kafka.EphemeralSender;
import io.myelin.kafka.EphemeralTail;
import io.myelin.kafka.Tail;
import io.myelin.kafka.trace.TracedExecutor;
import io.myelin.kafka.trace.Traces;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The beans of client-sync. The process that composes the services makes and starts the tails. This configuration only
 * subscribes to them, while the beans are made, so before they start.
 */
@Configuration(proxyBeanMethods = false)
@Import({ReaderErrors.class, FindingConfiguration.class})
public class ClientSyncConfiguration {
    /** How often a minute all members of one user's rooms are gone through to find whose devices have changed. */
    private static final int WHOLE_LOOKS_PER_MINUTE = 30;

    private static final int STANDARD_SHARE_OF_THE_HEAP = 4;
    private static final Duration KEPT_BEYOND_A_POLL = Duration.ofMinutes(10);
    private static final Duration LARGE_ANSWERS_WAIT = Duration.ofSeconds(10);

    private final ServerSettings properties;
    private final ClientSyncSettings settings;
    private final CurrentSettings current;
    private final RoomQueries roomQueries;
    private final AccountQueries accountQueries;
    private final ReceiptQueries receiptQueries;
    private final SyncLogs logs;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Clock clock = Clock.systemUTC();

    public ClientSyncConfiguration(
            ServerSettings properties,
            ClientSyncSettings settings,
            CurrentSettings current,
            RoomQueries roomQueries,
            AccountQueries accountQueries,
            Tail<RoomFact> roomTail,
            Tail<AccountFact> accountTail,
            ReceiptQueries receiptQueries,
            Tail<ReceiptFact> receiptTail) {
        this.properties = properties;
        this.settings = settings;
        this.current = current;
        this.roomQueries = roomQueries;
        this.accountQueries = accountQueries;
        this.receiptQueries = receiptQueries;
        this.logs = new SyncLogs(
                TailReader.of(roomTail, roomQueries, executor),
                TailReader.of(accountTail, accountQueries, executor),
                TailReader.of(receiptTail, receiptQueries, executor));
    }

    /** What may change while the process runs is read here at each use. */
    private ClientSyncSettings now() {
        return current.of(ClientSyncSettings.class);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService clientSyncExecutor() {
        return executor;
    }

    @Bean(destroyMethod = "")
    WaitingRequests waitingRequests(ExecutorService clientSyncExecutor, Traces traces) {
        return new WaitingRequests(
                new TracedExecutor(clientSyncExecutor, traces, "client-sync", "look for news"),
                () -> now().sync().parked(),
                () -> now().sync().parkedPerUser());
    }

    /** An unused value is kept for longer than any request is parked. */
    @Bean
    MemoryBudget syncMemory(ExecutorService clientSyncExecutor) {
        long standard = Runtime.getRuntime().maxMemory() / STANDARD_SHARE_OF_THE_HEAP;
        return new MemoryBudget(
                settings.sync().memoryOr(standard),
                settings.sync().maxTimeout().plus(KEPT_BEYOND_A_POLL),
                clientSyncExecutor,
                System::nanoTime);
    }

    @Bean
    LargeAnswers largeAnswers(MemoryBudget syncMemory) {
        return new LargeAnswers(
                () -> now().sync().largeAnswers(),
                () -> now().sync().largeAnswersPerUser(),
                LARGE_ANSWERS_WAIT,
                syncMemory);
    }

    @Bean
    GlobalCache globalCache(
            WaitingRequests waitingRequests, MemoryBudget syncMemory, ExecutorService clientSyncExecutor) {
        return new GlobalCache(
                properties.shards(), roomQueries, logs.rooms(), waitingRequests, syncMemory, clientSyncExecutor);
    }

    @Bean
    UserCache userCache(GlobalCache globalCache, WaitingRequests waitingRequests, MemoryBudget syncMemory) {
        return new UserCache(
                globalCache, roomQueries, accountQueries, logs.rooms(), logs.accounts(), waitingRequests, syncMemory);
    }

    @Bean
    ErasedUsers erasedUsers() {
        return new ErasedUsers(accountQueries, ServerName.parse(properties.serverName()));
    }

    @Bean
    ReceiptCache receiptCache(MemoryBudget syncMemory, ExecutorService clientSyncExecutor) {
        return new ReceiptCache(properties.shards(), receiptQueries, logs.receipts(), syncMemory, clientSyncExecutor);
    }

    @Bean
    TypingCache typingCache(GlobalCache globalCache, EphemeralTail<RoomTyping> typingTail) {
        TypingCache cache = new TypingCache(
                properties.ephemeralShards(), room -> globalCache.shardOf(room).announceIn(room));
        typingTail.subscribe(new ValueListener<>(cache));
        return cache;
    }

    @Bean
    PresenceCache presenceCache(
            WaitingRequests waitingRequests,
            GlobalCache globalCache,
            UserCache userCache,
            EphemeralTail<UserPresence> presenceTail,
            ExecutorService clientSyncExecutor) {
        PresenceNews news = new PresenceNews(
                waitingRequests,
                globalCache,
                userCache,
                new SharedRooms(globalCache),
                () -> now().limits().presenceMembers(),
                clientSyncExecutor);
        PresenceCache cache = new PresenceCache(properties.ephemeralShards(), clock, user -> {
            news.of(user);
            globalCache.peeks().of(user);
        });
        presenceTail.subscribe(new ValueListener<>(cache));
        return cache;
    }

    @Bean
    Activities activities(EphemeralSender ephemeralSender, ExecutorService clientSyncExecutor) {
        return new Activities(
                new SyncActivityPublisher(ephemeralSender, properties.ephemeralShards(), clientSyncExecutor), clock);
    }

    @Bean
    TypingEnds typingEnds(
            TypingCache typingCache,
            EphemeralSender ephemeralSender,
            ExecutorService clientSyncExecutor,
            Tail<RoomFact> roomTail) {
        TypingEnds ends = new TypingEnds(
                typingCache, new TypingEndPublisher(ephemeralSender, properties.ephemeralShards(), clientSyncExecutor));
        roomTail.subscribe(new TypingEndListener(ends));
        return ends;
    }

    @Bean
    Dispatcher clientSyncDispatcher(
            GlobalCache globalCache,
            UserCache userCache,
            ReceiptCache receiptCache,
            ErasedUsers erasedUsers,
            WaitingRequests waitingRequests,
            Activities activities,
            TypingEnds typingEnds,
            Tail<RoomFact> roomTail,
            Tail<AccountFact> accountTail,
            Tail<ReceiptFact> receiptTail,
            ExecutorService clientSyncExecutor) {
        PresenceNews deviceListNews = new PresenceNews(
                waitingRequests,
                globalCache,
                userCache,
                new SharedRooms(globalCache),
                () -> Integer.MAX_VALUE,
                clientSyncExecutor);
        Dispatcher dispatcher = new Dispatcher(
                globalCache,
                userCache,
                receiptCache,
                erasedUsers,
                waitingRequests,
                deviceListNews::of,
                new Dispatcher.SessionEnds() {
                    @Override
                    public void ended(Dispatcher.EndedSessions ended) {
                        waitingRequests.sessionsEnded(ended);
                        if (ended.isDeviceGone()) {
                            activities.loggedOut(ended.user(), ended.device());
                            typingEnds.loggedOut(ended.user());
                        }
                    }

                    @Override
                    public void locked(UserId user) {
                        waitingRequests.endAllOf(user);
                    }
                });
        roomTail.subscribe(new LogListener<>(dispatcher.rooms()));
        accountTail.subscribe(new LogListener<>(dispatcher.accounts()));
        receiptTail.subscribe(new LogListener<>(dispatcher.receipts()));
        return dispatcher;
    }

    @Bean
    LongPolls longPolls(
            ErasedUsers erasedUsers,
            GlobalCache globalCache,
            UserCache userCache,
            ReceiptCache receiptCache,
            TypingCache typingCache,
            PresenceCache presenceCache,
            WaitingRequests waitingRequests,
            Activities activities,
            MemoryBudget syncMemory,
            ExecutorService clientSyncExecutor,
            ToDeviceInboxes toDeviceInboxes,
            ObjectProvider<MeterRegistry> meters) {
        AttemptLimit wholeLooks = new AttemptLimit(() -> WHOLE_LOOKS_PER_MINUTE);
        Syncs syncs = new Syncs(
                globalCache,
                userCache,
                receiptCache,
                typingCache,
                presenceCache,
                new DeviceLists(userCache, accountQueries, user -> wholeLooks.attempt(user.value())),
                erasedUsers,
                toDeviceInboxes,
                logs,
                () -> now().sync().timelineLimit(),
                syncMemory,
                clock,
                clientSyncExecutor);
        LongPolls polls = new LongPolls(syncs, waitingRequests, activities, clock);
        meters.ifAvailable(registry -> {
            Gauge.builder("myelin.sync.parked", polls, LongPolls::size)
                    .description("Requests for /sync that wait for news")
                    .register(registry);
            Gauge.builder("myelin.sync.cached.rooms", globalCache, GlobalCache::size)
                    .description("Rooms in memory")
                    .register(registry);
            Gauge.builder("myelin.sync.memory", syncMemory, MemoryBudget::used)
                    .description("Bytes that the caches of client-sync take, about")
                    .register(registry);
        });
        return polls;
    }

    @Bean
    ParkedRequests parkedRequests(LongPolls longPolls) {
        return new ParkedRequests(longPolls);
    }

    @Bean
    SyncController syncController(LongPolls longPolls, MemoryBudget syncMemory, LargeAnswers largeAnswers) {
        return new SyncController(
                longPolls,
                new Filters(accountQueries, syncMemory),
                properties.shards(),
                settings.sync().maxTimeout(),
                largeAnswers);
    }

    @Bean
    KeyChangesController keyChangesController(LongPolls longPolls, MemoryBudget syncMemory) {
        return new KeyChangesController(longPolls, new Filters(accountQueries, syncMemory), properties.shards());
    }

    @Bean
    JoinedRooms joinedRooms(GlobalCache globalCache, UserCache userCache, ErasedUsers erasedUsers) {
        return new JoinedRooms(
                globalCache,
                userCache,
                logs.rooms(),
                logs.accounts(),
                new Histories(globalCache.loader()),
                erasedUsers);
    }

    @Bean
    PresenceController presenceController(
            JoinedRooms joinedRooms, PresenceCache presenceCache, PresenceQueries presenceQueries) {
        return new PresenceController(new PresenceReads(joinedRooms, presenceCache, presenceQueries, clock));
    }

    @Bean
    RoomReadController roomReadController(GlobalCache globalCache, JoinedRooms joinedRooms, LargeAnswers largeAnswers) {
        RoomEvents events = roomEvents(globalCache);
        return new RoomReadController(
                joinedRooms,
                new StateReads(joinedRooms, events, properties.shards(), clock),
                new Messages(joinedRooms, events, properties.shards(), clock),
                new EventReads(joinedRooms, events, clock),
                largeAnswers);
    }

    private RoomEvents roomEvents(GlobalCache globalCache) {
        return new RoomEvents(roomQueries, globalCache.loader());
    }

    @Bean
    OldSyncController oldSyncController(
            LongPolls longPolls,
            GlobalCache globalCache,
            ReceiptCache receiptCache,
            TypingCache typingCache,
            PresenceCache presenceCache,
            JoinedRooms joinedRooms,
            LargeAnswers largeAnswers,
            ExecutorService clientSyncExecutor) {
        RoomEvents events = roomEvents(globalCache);
        return new OldSyncController(
                longPolls,
                new Peeks(
                        joinedRooms,
                        events,
                        globalCache,
                        receiptCache,
                        typingCache,
                        presenceCache,
                        properties.shards(),
                        clock),
                new EventReads(joinedRooms, events, clock),
                properties.shards(),
                settings.sync().maxTimeout(),
                largeAnswers,
                clientSyncExecutor);
    }
}
