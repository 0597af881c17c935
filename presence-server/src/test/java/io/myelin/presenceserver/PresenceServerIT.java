package io.myelin.presenceserver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceContracts;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceInput.Syncing;
import io.myelin.contracts.presence.PresenceInput.SyncingEnded;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.kafka.EphemeralSender;
import io.myelin.kafka.EphemeralSubscriber;
import io.myelin.kafka.EphemeralTail;
import io.myelin.kafka.EphemeralTailSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.presenceserver.config.PresenceServer;
import io.myelin.server.rpc.TwoProcesses;
import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service on a real broker and a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PresenceServerIT {
    static final int SHARDS = TwoProcesses.SHARDS;

    private final DatabaseLogin login = login();
    private final KafkaSettings kafka = new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());
    private final Topics topics = topics();
    private final TopicWatch watch = new TopicWatch(
            topics, Set.of(PresenceTopics.INPUT.name(), PresenceTopics.ACTIVITY.name(), PresenceTopics.OUTPUT.name()));
    private final EphemeralSender sender = new EphemeralSender(kafka);
    private final Reader reader = new Reader();
    private volatile PresenceServer server = server();
    private final EphemeralTail<UserPresence> tail = new EphemeralTail<>(
            new EphemeralTailSpec<>(
                    PresenceTopics.OUTPUT.name(),
                    SHARDS,
                    bytes -> Cbor.decode(bytes, UserPresence.class),
                    presence -> presence.user().value()),
            this::values,
            kafka,
            watch);

    /** What a reader of the topic knows. */
    private static final class Reader implements EphemeralSubscriber<UserPresence> {
        private final Map<UserId, UserPresence> people = new ConcurrentHashMap<>();

        @Override
        public void changed(int shard, Version version, UserPresence value) {
            people.put(value.user(), value);
        }

        @Override
        public void reset(int shard, Version asOf) {
            people.keySet().removeIf(user -> Partitions.of(user.value(), SHARDS) == shard);
        }

        PresenceState presence(UserId user) {
            UserPresence known = people.get(user);
            return known == null ? PresenceState.OFFLINE : known.presence();
        }
    }

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("presence_server_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private Topics topics() {
        Topics made = new Topics(
                kafka,
                List.of(
                        TopicPlan.ephemeral(PresenceTopics.INPUT.name(), SHARDS),
                        TopicPlan.ephemeral(PresenceTopics.ACTIVITY.name(), SHARDS),
                        TopicPlan.ephemeral(PresenceTopics.OUTPUT.name(), SHARDS)));
        made.prepare();
        return made;
    }

    private PresenceServer server() {
        return PresenceServer.of(
                SHARDS, "localhost", ServiceDatabase.ephemeralWithTables(PresenceServer.NAME, login, 2), kafka, watch);
    }

    private ShardValues<UserPresence> values(int shard) {
        return server.queries().values(shard);
    }

    @BeforeAll
    void start() {
        watch.start();
        server.shards().start();
        tail.subscribe(reader);
        tail.start();
        await().atMost(60, SECONDS).until(tail::hasStarted);
    }

    @AfterAll
    void stop() {
        tail.close();
        server.shards().close();
        sender.close();
        watch.close();
        topics.close();
    }

    private CompletableFuture<Void> says(String topic, PresenceInput input) {
        return send(topic, input).exceptionallyCompose(lost -> send(topic, input));
    }

    private CompletableFuture<Void> send(String topic, PresenceInput input) {
        String user = input.user().value();
        return sender.send(topic, Partitions.of(user, SHARDS), user, Cbor.encode(input));
    }

    private CompletableFuture<Void> syncs(UserId user) {
        return says(
                PresenceTopics.ACTIVITY.name(),
                new Syncing(user, "PHONE", PresenceState.ONLINE, System.currentTimeMillis()));
    }

    private void awaitOnline(List<UserId> users) {
        await().atMost(50, SECONDS)
                .until(() -> users.stream().allMatch(user -> reader.presence(user) == PresenceState.ONLINE));
    }

    private void awaitPresence(UserId user, PresenceState presence) {
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(reader.presence(user)).isEqualTo(presence));
    }

    @Nested
    class QueriesInTheSameProcess extends PresenceQueriesContract {
        @Override
        PresenceQueries queries() {
            return server.queries();
        }

        @Override
        void set(SetPresence presence) {
            says(PresenceTopics.INPUT.name(), presence).join();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class QueriesOverHttp extends PresenceQueriesContract {
        @AutoClose
        private final TwoProcesses processes = TwoProcesses.serving(PresenceContracts.QUERIES, server.queries());

        private final PresenceQueries queries = processes.proxy(PresenceContracts.QUERIES);

        @Override
        PresenceQueries queries() {
            return queries;
        }

        @Override
        void set(SetPresence presence) {
            says(PresenceTopics.INPUT.name(), presence).join();
        }
    }

    @Test
    void whoSyncsIsOnlineUntilTheyStop() {
        UserId alice = UserId.parse("@alice:example.org");
        syncs(alice).join();
        awaitPresence(alice, PresenceState.ONLINE);
        says(PresenceTopics.ACTIVITY.name(), new SyncingEnded(alice, "PHONE", System.currentTimeMillis()))
                .join();
        awaitPresence(alice, PresenceState.OFFLINE);
    }

    @Test
    void aSyncThatChangesNothingIsNotTold() {
        List<UserId> users = new ArrayList<>();
        for (int each = 0; each < 200; each++) {
            users.add(UserId.parse("@quiet" + each + ":example.org"));
        }
        users.stream().map(this::syncs).toList().forEach(CompletableFuture::join);
        awaitOnline(users);
        Map<UserId, UserPresence> before = Map.copyOf(reader.people);
        for (int round = 0; round < 5; round++) {
            users.stream().map(this::syncs).toList().forEach(CompletableFuture::join);
        }
        // There are users in every shard: once their presence is published, everything sent before has been processed.
        List<UserId> later = new ArrayList<>();
        for (int each = 0; each < 50; each++) {
            later.add(UserId.parse("@later" + each + ":example.org"));
        }
        later.stream().map(this::syncs).toList().forEach(CompletableFuture::join);
        awaitOnline(later);
        // Another publication would have a later time of activity.
        users.forEach(user -> assertThat(reader.people.get(user)).isEqualTo(before.get(user)));
    }

    @Test
    void anotherOwnerKnowsWhoIsOnlineAndWhatTheySay() throws SQLException {
        UserId bob = UserId.parse("@bob:example.org");
        UserId carol = UserId.parse("@carol:example.org");
        says(PresenceTopics.INPUT.name(), new SetPresence(bob, PresenceState.ONLINE, "in a meeting"))
                .join();
        awaitPresence(bob, PresenceState.ONLINE);
        syncs(carol).join();
        awaitPresence(carol, PresenceState.ONLINE);

        server.shards().close();
        assertThat(written(bob)).isEqualTo("in a meeting");
        server = server();
        server.shards().start();

        await().atMost(30, SECONDS).untilAsserted(() -> {
            assertThat(shownByOwner(bob).statusMessage()).isEqualTo("in a meeting");
            assertThat(shownByOwner(carol).presence()).isEqualTo(PresenceState.ONLINE);
        });
        awaitPresence(carol, PresenceState.ONLINE);
    }

    private UserPresence shownByOwner(UserId user) {
        try {
            return values(Partitions.of(user.value(), SHARDS)).values().stream()
                    .map(Versioned::value)
                    .filter(presence -> presence.user().equals(user))
                    .findFirst()
                    .orElseGet(() -> new UserPresence(user, PresenceState.OFFLINE, 0, false, null));
        } catch (Unavailable notYet) {
            return new UserPresence(user, PresenceState.OFFLINE, 0, false, null);
        }
    }

    private String written(UserId user) throws SQLException {
        try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT status_message FROM presence.presence WHERE user_id = '" + user.value() + "'")) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
