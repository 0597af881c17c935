package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.UuidV7;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.Shell;
import io.myelin.kafka.Tail;
import io.myelin.kafka.TailSpec;
import io.myelin.kafka.TailSubscriber;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.check.Damage;
import io.myelin.postgres.check.SchemaCheck;
import io.myelin.roomserver.config.RoomServer;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.roomserver.storage.RoomInvariants;
import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Runs the service on a real database and a real broker, sends it commands and collects what it publishes. */
final class RunningRoomServer implements AutoCloseable {

    static final int SHARDS = 4;

    final DatabaseLogin login = login();
    private final KafkaSettings kafka = new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());
    private final UuidV7 ids = new UuidV7(
            System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
    private final ConcurrentSkipListMap<String, String> published = new ConcurrentSkipListMap<>();
    private final TestShard rooms = new TestShard();
    private final Topics topics = topics();
    private final TopicWatch watch =
            new TopicWatch(topics, Set.of(RoomTopics.INPUT.name(), RoomTopics.OUTPUT.name(), "reply"));
    private final Producer<byte[], byte[]> producer = kafka.producer("room-server-it");
    private final Replies replies = new Replies(kafka, watch, 1);
    private RoomServer server = server();
    private final CommandSender sender = new CommandSender(producer, replies, 1_000, Duration.ofSeconds(30));
    private final Tail<RoomFact> tail = new Tail<>(
            new TailSpec<>(RoomTopics.OUTPUT.name(), SHARDS, bytes -> Cbor.decode(bytes, RoomFact.class)),
            new ShardQueries<>() {
                @Override
                public Committed committed(int shard) {
                    return queries().committed(shard);
                }

                @Override
                public ReplayPage<RoomFact> replay(int shard, long after, int limit) {
                    return queries().replay(shard, after, limit);
                }
            },
            kafka,
            watch);

    RunningRoomServer() {
        watch.start();
        server.shards().start();
        tail.subscribe(new TailSubscriber<>() {
            @Override
            public void apply(int shard, Numbered<RoomFact> fact) {
                published.put(key(shard, fact.seq()), hex(fact.fact()));
            }

            @Override
            public void reset(int shard, Committed position) {
                // facts published before the position are ignored
            }
        });
        try {
            replies.start();
            tail.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before room-server had started", e);
        }
    }

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("room_server_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private Topics topics() {
        Topics made = new Topics(
                kafka,
                List.of(
                        TopicPlan.input(RoomTopics.INPUT.name(), SHARDS),
                        TopicPlan.output(RoomTopics.OUTPUT.name(), SHARDS),
                        TopicPlan.input(ReceiptTopics.INPUT.name(), SHARDS),
                        TopicPlan.reply(1)));
        made.prepare();
        TestEngines.shared().emptyTopics();
        return made;
    }

    private RoomServer server() {
        return RoomServer.of(
                SHARDS,
                TestShard.SIGNER,
                () -> RoomLimits.DEFAULT,
                64 << 20,
                "localhost",
                new ServiceDatabase(RoomServer.NAME, login, 4),
                new Shell(kafka, watch, producer, replies));
    }

    void restart() throws Exception {
        server.shards().close();
        server = server();
        server.shards().start();
    }

    @Override
    public void close() {
        sender.close();
        tail.close();
        server.shards().close();
        replies.close();
        watch.close();
        topics.close();
        producer.close(Duration.ofSeconds(1));
    }

    /** Looks for purges that stand still as often as it takes to resume them. */
    void resumePurges() {
        server.purges().look();
        server.purges().look();
    }

    /** What `./myelin check` would say. */
    List<Damage> damage() throws SQLException {
        List<Damage> damage = new ArrayList<>();
        try (Connection connection = connection()) {
            connection.setAutoCommit(false);
            new SchemaCheck(connection, new ServiceSchema(RoomServer.NAME, List.of(), true), damage::add)
                    .run(RoomInvariants.ALL);
        }
        return damage;
    }

    /** Sends messages one after the other, without waiting for each answer. */
    void sayAtOnce(RoomId room, int count) {
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(send(
                    Partitions.of(room.value(), SHARDS),
                    room.value(),
                    null,
                    new RoomCommand.SendEvent(
                            room,
                            new Requester(ALICE, "DEVICE", null),
                            EventTypes.MESSAGE,
                            null,
                            "{\"body\":\"one of many\"}".getBytes(UTF_8),
                            null,
                            null,
                            null)));
        }
        answers.forEach(CompletableFuture::join);
    }

    RoomQueries queries() {
        return server.queries();
    }

    /** A room that is still to be made. */
    TestRoom.Wish aRoom() {
        rooms.now++;
        return TestRoom.aRoom(rooms);
    }

    RoomGraphQueries graph() {
        return server.graph();
    }

    RoomAnswer execute(String key, RoomCommand command) {
        return execute(Partitions.of(key, SHARDS), key, command);
    }

    RoomAnswer execute(int shard, String key, RoomCommand command) {
        return Cbor.decode(send(shard, key, null, command).join(), RoomAnswer.class);
    }

    CompletableFuture<byte[]> send(int shard, String key, @Nullable TransactionKey transaction, RoomCommand command) {
        return sender.send(RoomTopics.INPUT.name(), shard, key, ids.get(), transaction, Cbor.encode(command));
    }

    RoomId create(TestRoom.Wish wish) {
        RoomCommand.CreateRoom command = wish.command();
        assertThat(execute(command.room().value(), command)).isInstanceOf(RoomAnswer.Done.class);
        return command.room();
    }

    /** Creates a room in this shard. */
    RoomId createIn(int shard) {
        TestRoom.Wish wish = aRoom();
        while (Partitions.of(wish.command().room().value(), SHARDS) != shard) {
            wish = aRoom();
        }
        return create(wish);
    }

    EventId send(RoomId room, String type, @Nullable String stateKey, String content) {
        return TestShard.sent(trySend(room, type, stateKey, content));
    }

    RoomAnswer trySend(RoomId room, String type, @Nullable String stateKey, String content) {
        return execute(
                room.value(),
                new RoomCommand.SendEvent(
                        room,
                        new Requester(ALICE, "DEVICE", "txn"),
                        type,
                        stateKey,
                        content.getBytes(UTF_8),
                        null,
                        null,
                        null));
    }

    /** A connection to the tables, like those of the server. */
    Connection connection() throws SQLException {
        return DriverManager.getConnection(login.url(), login.user(), login.password());
    }

    /** Changes the tables behind the server's back. */
    void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query's result. */
    List<String> texts(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    List<Long> numbers(String sql) throws SQLException {
        return texts(sql).stream().map(Long::valueOf).toList();
    }

    /** Invites Bob, who joins. */
    void join(RoomId room) {
        for (MembershipAction action : List.of(MembershipAction.INVITE, MembershipAction.JOIN)) {
            TestShard.sent(execute(
                    room.value(),
                    RoomCommand.ChangeMembership.of(
                            room,
                            new Requester(action == MembershipAction.JOIN ? BOB : ALICE, null, null),
                            action,
                            BOB,
                            null,
                            profile(BOB, 1, "bob"),
                            null)));
        }
    }

    EventId redact(RoomId room, EventId event) {
        return TestShard.sent(tryToRedact(room, event));
    }

    EventId redact(RoomId room, EventId event, String reason) {
        return TestShard.sent(tryToRedact(room, event, "{\"reason\":\"" + reason + "\"}"));
    }

    RoomAnswer tryToRedact(RoomId room, EventId event) {
        return tryToRedact(room, event, "{}");
    }

    private RoomAnswer tryToRedact(RoomId room, EventId event, String content) {
        return execute(
                room.value(),
                new RoomCommand.SendEvent(
                        room,
                        new Requester(ALICE, null, null),
                        EventTypes.REDACTION,
                        null,
                        content.getBytes(UTF_8),
                        event,
                        null,
                        null));
    }

    /** The numbers of all facts that were published about a room. */
    List<Long> publishedOf(RoomId room) {
        tail.barrier().join();
        String shard = key(Partitions.of(room.value(), SHARDS), 0).substring(0, 3);
        String id = HexFormat.of().formatHex(room.value().getBytes(UTF_8));
        return published.entrySet().stream()
                .filter(fact ->
                        fact.getKey().startsWith(shard) && fact.getValue().contains(id))
                .map(fact -> Long.valueOf(fact.getKey().substring(3)))
                .toList();
    }

    /** Replays all of a shard's log, page by page. */
    List<Numbered<RoomFact>> replayed(int shard) {
        List<Numbered<RoomFact>> facts = new ArrayList<>();
        ReplayPage<RoomFact> page = queries().replay(shard, 0, 10_000);
        facts.addAll(page.facts());
        while (page.upTo() < page.committed()) {
            page = queries().replay(shard, page.upTo(), 10_000);
            facts.addAll(page.facts());
        }
        return facts;
    }

    /** Asserts that the facts rebuilt from the tables for a replay equal the published ones, byte for byte. */
    void assertThatReplayIsWhatWasPublished() {
        for (int shard = 0; shard < SHARDS; shard++) {
            List<Numbered<RoomFact>> replayed = replayed(shard);
            tail.barrier().join(); // by now, facts of settlements that no client asked for are published too
            for (Numbered<RoomFact> fact : replayed) {
                assertThat(hex(fact.fact())).isEqualTo(published.get(key(shard, fact.seq())));
            }
        }
    }

    private static String key(int shard, long seq) {
        return String.format("%02d-%09d", shard, seq);
    }

    private static String hex(RoomFact fact) {
        return HexFormat.of().formatHex(Cbor.encode(fact));
    }
}
