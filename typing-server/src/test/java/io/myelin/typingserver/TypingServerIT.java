package io.myelin.typingserver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.contracts.typing.TypingContracts;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.contracts.typing.TypingTopics;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Version;
import io.myelin.kafka.EphemeralSender;
import io.myelin.kafka.EphemeralSubscriber;
import io.myelin.kafka.EphemeralTail;
import io.myelin.kafka.EphemeralTailSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.rpc.TwoProcesses;
import io.myelin.testing.TestEngines;
import io.myelin.typingserver.config.TypingServer;
import io.myelin.typingserver.typing.TypingRules;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service on a real broker and a real database, in two instances. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypingServerIT {
    static final int SHARDS = TwoProcesses.SHARDS;
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private final DatabaseLogin login = login();
    private final KafkaSettings kafka = new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());
    private final Topics topics = topics();
    private final TopicWatch watch =
            new TopicWatch(topics, Set.of(TypingTopics.INPUT.name(), TypingTopics.OUTPUT.name()));
    private final EphemeralSender sender = new EphemeralSender(kafka);
    private final List<TypingServer> servers = new CopyOnWriteArrayList<>();
    private final Reader reader = new Reader();
    private final EphemeralTail<RoomTyping> tail = new EphemeralTail<>(
            new EphemeralTailSpec<>(
                    TypingTopics.OUTPUT.name(),
                    SHARDS,
                    bytes -> Cbor.decode(bytes, RoomTyping.class),
                    typing -> typing.room().value()),
            queries(),
            kafka,
            watch);

    /** What a reader of the topic knows. */
    private static final class Reader implements EphemeralSubscriber<RoomTyping> {
        private final Map<RoomId, List<UserId>> typing = new ConcurrentHashMap<>();

        @Override
        public void changed(int shard, Version version, RoomTyping value) {
            typing.put(value.room(), value.users());
        }

        @Override
        public void reset(int shard, Version asOf) {
            typing.keySet().removeIf(room -> Partitions.of(room.value(), SHARDS) == shard);
        }

        List<UserId> typingIn(RoomId room) {
            return typing.getOrDefault(room, List.of());
        }
    }

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("typing_server_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private Topics topics() {
        Topics made = new Topics(
                kafka,
                List.of(
                        TopicPlan.ephemeral(TypingTopics.INPUT.name(), SHARDS),
                        TopicPlan.ephemeral(TypingTopics.OUTPUT.name(), SHARDS)));
        made.prepare();
        return made;
    }

    private TypingQueries queries() {
        return this::valuesFromTheOwner;
    }

    private ShardValues<RoomTyping> valuesFromTheOwner(int shard) {
        for (TypingServer server : servers) {
            try {
                return server.queries().values(shard);
            } catch (Unavailable notTheOwner) {
                // Another server may own the shard, and this one may have taken it over since.
            }
        }
        throw new Unavailable("nobody owns shard " + shard);
    }

    private TypingServer startServer() {
        TypingServer server = TypingServer.of(
                SHARDS,
                new TypingRules(Duration.ofSeconds(120), 500),
                "localhost",
                ServiceDatabase.ephemeral(TypingServer.NAME, login, 1),
                kafka,
                watch);
        server.shards().start();
        servers.add(server);
        return server;
    }

    private void stop(TypingServer server) {
        servers.remove(server);
        server.shards().close();
    }

    @BeforeAll
    void start() {
        watch.start();
        startServer();
        tail.subscribe(reader);
        tail.start();
        await().atMost(60, SECONDS).until(tail::hasStarted);
    }

    @AfterAll
    void stopAll() {
        tail.close();
        List.copyOf(servers).forEach(this::stop);
        sender.close();
        watch.close();
        topics.close();
    }

    private CompletableFuture<Void> says(RoomId room, UserId user, long timeoutMillis) {
        return send(room, user, timeoutMillis).exceptionallyCompose(lost -> send(room, user, timeoutMillis));
    }

    private CompletableFuture<Void> send(RoomId room, UserId user, long timeoutMillis) {
        return sender.send(
                TypingTopics.INPUT.name(),
                Partitions.of(room.value(), SHARDS),
                room.value(),
                Cbor.encode(new SetTyping(room, user, timeoutMillis)));
    }

    private void awaitTyping(RoomId room, UserId... users) {
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(reader.typingIn(room)).containsExactly(users));
    }

    @Nested
    class QueriesInTheSameProcess extends TypingQueriesContract {
        @Override
        TypingQueries queries() {
            return TypingServerIT.this.queries();
        }

        @Override
        void says(RoomId room, UserId user, long timeoutMillis) {
            TypingServerIT.this.says(room, user, timeoutMillis).join();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class QueriesOverHttp extends TypingQueriesContract {
        @AutoClose
        private final TwoProcesses processes =
                TwoProcesses.serving(TypingContracts.QUERIES, TypingServerIT.this.queries());

        private final TypingQueries queries = processes.proxy(TypingContracts.QUERIES);

        @Override
        TypingQueries queries() {
            return queries;
        }

        @Override
        void says(RoomId room, UserId user, long timeoutMillis) {
            TypingServerIT.this.says(room, user, timeoutMillis).join();
        }
    }

    @Test
    void tellsWhoTypesUntilTheyStop() {
        RoomId room = RoomId.parse("!told:example.org");
        says(room, ALICE, 60_000).join();
        awaitTyping(room, ALICE);
        says(room, BOB, 60_000).join();
        awaitTyping(room, ALICE, BOB);
        says(room, ALICE, 0).join();
        awaitTyping(room, BOB);
    }

    @Test
    void typingEndsByItself() {
        RoomId room = RoomId.parse("!ends:example.org");
        says(room, BOB, 60_000).join();
        says(room, ALICE, 300).join();
        awaitTyping(room, BOB);
        says(room, BOB, 0).join();
        awaitTyping(room);
    }

    @Test
    void tenThousandNotificationsLeaveNoRow() throws SQLException {
        Map<String, Long> before = rows();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int each = 0; each < 10_000; each++) {
            RoomId room = RoomId.parse("!many" + each % 100 + ":example.org");
            sent.add(says(room, UserId.parse("@user" + each + ":example.org"), each < 9_900 ? 200 : 120_000));
        }
        sent.forEach(CompletableFuture::join);
        await().atMost(60, SECONDS).untilAsserted(() -> {
            for (int each = 9_900; each < 10_000; each++) {
                assertThat(reader.typingIn(RoomId.parse("!many" + each % 100 + ":example.org")))
                        .containsExactly(UserId.parse("@user" + each + ":example.org"));
            }
        });
        assertThat(rows())
                .isEqualTo(before)
                .containsOnlyKeys("instance", "shard", "origin", "server_life", "flyway_schema_history");
    }

    @Test
    void anotherInstanceSharesTheWorkAndTakesItOver() throws SQLException {
        RoomId room = RoomId.parse("!shared:example.org");
        says(room, ALICE, 120_000).join();
        awaitTyping(room, ALICE);
        TypingServer first = servers.getFirst();
        TypingServer second = startServer();
        await().atMost(30, SECONDS)
                .until(() -> first.shards().owned().size() == SHARDS / 2
                        && second.shards().owned().size() == SHARDS / 2);
        awaitTyping(room, ALICE);
        stop(first);
        await().atMost(30, SECONDS).until(() -> second.shards().owned().size() == SHARDS);
        awaitTyping(room, ALICE);
        says(room, BOB, 120_000).join();
        awaitTyping(room, ALICE, BOB);

        execute("DELETE FROM typing.instance");
        says(room, ALICE, 0).join();
        awaitTyping(room, BOB);
        await().atMost(30, SECONDS).until(() -> second.shards().trouble() == null);
    }

    private Map<String, Long> rows() throws SQLException {
        Map<String, Long> rows = new ConcurrentHashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet row =
                    statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'typing'")) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM typing." + table)) {
                    row.next();
                    rows.put(table, row.getLong(1));
                }
            }
        }
        return rows;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(login.url(), login.user(), login.password());
    }
}
