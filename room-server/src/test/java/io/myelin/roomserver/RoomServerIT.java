package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
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
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.roomserver.config.RoomServer;
import io.myelin.testing.TestEngines;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service on a real database and a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomServerIT {

    private static final int SHARDS = 4;

    private final DatabaseLogin login = login();
    private final KafkaSettings kafka = new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());
    private final UuidV7 ids = new UuidV7(
            System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
    private final ConcurrentSkipListMap<String, String> published = new ConcurrentSkipListMap<>();
    private final TestShard rooms = new TestShard();
    private Topics topics = topics();
    private TopicWatch watch = new TopicWatch(topics, Set.of(RoomTopics.INPUT, RoomTopics.OUTPUT, "reply"));
    private Producer<byte[], byte[]> producer = kafka.producer("room-server-it");
    private Replies replies = new Replies(kafka, watch);
    private RoomServer server = server();
    private CommandSender sender = new CommandSender(producer, replies, 1_000, Duration.ofSeconds(30));
    private Tail<RoomFact> tail = new Tail<>(
            new TailSpec<>(RoomTopics.OUTPUT, SHARDS, bytes -> Cbor.decode(bytes, RoomFact.class)),
            new ShardQueries<>() {
                @Override
                public Committed committed(int shard) {
                    return server.queries().committed(shard);
                }

                @Override
                public ReplayPage<RoomFact> replay(int shard, long after, int limit) {
                    return server.queries().replay(shard, after, limit);
                }
            },
            kafka,
            watch);

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("room_server_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private Topics topics() {
        Topics made = new Topics(
                kafka,
                List.of(
                        TopicPlan.input(RoomTopics.INPUT, SHARDS),
                        TopicPlan.output(RoomTopics.OUTPUT, SHARDS),
                        TopicPlan.reply()));
        made.prepare();
        return made;
    }

    private RoomServer server() {
        return RoomServer.of(
                SHARDS,
                TestShard.SIGNER,
                "localhost",
                new ServiceDatabase(RoomServer.NAME, login, 4),
                new Shell(kafka, watch, producer, replies));
    }

    @BeforeAll
    void start() throws Exception {
        watch.start();
        replies.start();
        server.shards().start();
        tail.subscribe(new TailSubscriber<>() {
            @Override
            public void apply(int shard, Numbered<RoomFact> fact) {
                published.put(key(shard, fact.seq()), hex(fact.fact()));
            }

            @Override
            public void reset(int shard, Committed position) {
                // what was published before is of no interest
            }
        });
        tail.start();
    }

    @AfterAll
    void stop() {
        sender.close();
        tail.close();
        server.shards().close();
        replies.close();
        watch.close();
        topics.close();
        producer.close(Duration.ofSeconds(1));
    }

    private static String key(int shard, long seq) {
        return String.format("%02d-%09d", shard, seq);
    }

    private static String hex(RoomFact fact) {
        return HexFormat.of().formatHex(Cbor.encode(fact));
    }

    private RoomAnswer execute(String key, RoomCommand command) {
        byte[] answer = sender.send(
                        RoomTopics.INPUT, Partitions.of(key, SHARDS), key, ids.get(), null, Cbor.encode(command))
                .join();
        return Cbor.decode(answer, RoomAnswer.class);
    }

    private RoomId create(TestRoom.Wish wish) {
        RoomCommand.CreateRoom command = wish.command();
        rooms.now++;
        assertThat(execute(command.room().value(), command)).isInstanceOf(RoomAnswer.Done.class);
        return command.room();
    }

    private EventId send(RoomId room, String type, @Nullable String stateKey, String content) {
        return TestShard.sent(execute(
                room.value(),
                new RoomCommand.SendEvent(
                        room,
                        new Requester(ALICE, "DEVICE", "txn"),
                        type,
                        stateKey,
                        content.getBytes(UTF_8),
                        null,
                        null,
                        null)));
    }

    private void join(RoomId room) {
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

    private EventId redact(RoomId room, EventId event) {
        return TestShard.sent(execute(
                room.value(),
                new RoomCommand.SendEvent(
                        room,
                        new Requester(ALICE, null, null),
                        EventTypes.REDACTION,
                        null,
                        "{}".getBytes(UTF_8),
                        event,
                        null,
                        null)));
    }

    private RoomQueries queries() {
        return server.queries();
    }

    @Test
    void aSnapshotHasStateAndTimeline() {
        RoomId room = create(TestRoom.aRoom(rooms).name("Pub").published());
        send(room, EventTypes.MESSAGE, null, "{\"body\":\"one\"}");
        EventId two = send(room, EventTypes.MESSAGE, null, "{\"body\":\"two\"}");
        var snapshot = queries().room(room, 2).orElseThrow();
        assertThat(snapshot.state()).hasSize(7);
        assertThat(snapshot.timeline()).hasSize(2);
        assertThat(snapshot.timeline().getLast().event().id()).isEqualTo(two);
        assertThat(snapshot.complete()).isFalse();
        assertThat(snapshot.published()).isTrue();
        assertThat(snapshot.asOf())
                .isEqualTo(queries().committed(snapshot.shard()).seq());
        assertThat(queries().room(room, 100).orElseThrow().complete()).isTrue();
        assertThat(queries().room(new RoomId("!no:example.org"), 1)).isEmpty();
    }

    @Test
    void pagesGoBothWaysWithoutOverlap() {
        RoomId room = create(TestRoom.aRoom(rooms));
        for (int i = 0; i < 10; i++) {
            send(room, EventTypes.MESSAGE, null, "{\"body\":\"" + i + "\"}");
        }
        var backward = queries().events(room, 0, Long.MAX_VALUE, true, 4);
        assertThat(backward.events()).hasSize(4).isSortedAccordingTo((a, b) -> Long.compare(b.seq(), a.seq()));
        assertThat(backward.end()).isFalse();
        long oldest = backward.events().getLast().seq();
        var forward = queries().events(room, oldest - 1, Long.MAX_VALUE, false, 100);
        assertThat(forward.events().reversed())
                .isEqualTo(backward.events().stream()
                        .map(event -> forward.events().stream()
                                .filter(other -> other.seq() == event.seq())
                                .findFirst()
                                .orElseThrow())
                        .toList());
        assertThat(forward.end()).isTrue();
        assertThat(queries().events(room, 0, oldest, true, 100).end()).isTrue();
    }

    @Test
    void stateIsToldAsItWasAndAsItIs() {
        RoomId room = create(TestRoom.aRoom(rooms));
        EventId first = send(room, EventTypes.NAME, "", "{\"name\":\"One\"}");
        send(room, EventTypes.NAME, "", "{\"name\":\"Two\"}");
        long then = queries().event(room, first).orElseThrow().seq();
        assertThat(name(queries().stateAt(room, then, List.of(new Wanted(EventTypes.NAME, "")))))
                .isEqualTo("{\"name\":\"One\"}");
        assertThat(name(queries().stateAt(room, Long.MAX_VALUE, List.of(new Wanted(EventTypes.NAME, null)))))
                .isEqualTo("{\"name\":\"Two\"}");
        assertThat(queries().stateAt(room, then - 1, null)).hasSize(6);
        List<StoredEvent> history = queries().stateHistory(room, EventTypes.NAME, "");
        assertThat(history).hasSize(2);
        assertThat(new String(requireNonNull(history.getLast().prevContent()), UTF_8))
                .isEqualTo("{\"name\":\"One\"}");
    }

    private static String name(List<StoredEvent> state) {
        assertThat(state).hasSize(1);
        return new String(PduBytes.content(state.getFirst().event().body()), UTF_8);
    }

    @Test
    void redactedEventsComeOutPruned() {
        RoomId room = create(TestRoom.aRoom(rooms));
        EventId message = send(room, EventTypes.MESSAGE, null, "{\"body\":\"oops\"}");
        EventId redaction = redact(room, message);
        redact(room, message);
        StoredEvent stored = queries().event(room, message).orElseThrow();
        assertThat(new String(stored.event().body(), UTF_8))
                .doesNotContain("oops")
                .contains("\"content\":{}");
        assertThat(requireNonNull(stored.redactedBecause()).id()).isEqualTo(redaction);
        EventId name = send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        redact(room, name);
        send(room, EventTypes.NAME, "", "{\"name\":\"Polite\"}");
        assertThat(queries().stateHistory(room, EventTypes.NAME, "").getLast().prevContent())
                .asString(UTF_8)
                .isEqualTo("{}");
    }

    @Test
    void editsAreFoundByWhatTheyEdit() {
        RoomId room = create(TestRoom.aRoom(rooms));
        EventId message = send(room, EventTypes.MESSAGE, null, "{\"body\":\"helo\"}");
        EventId other = send(room, EventTypes.MESSAGE, null, "{\"body\":\"unedited\"}");
        EventId kept = send(room, EventTypes.MESSAGE, null, editOf(message.value()));
        redact(room, send(room, EventTypes.MESSAGE, null, editOf(message.value())));
        send(room, EventTypes.MESSAGE, null, editOf("$of-something-else"));
        assertThat(queries().edits(room, List.of(message, other, new EventId("$no-hash"))))
                .extracting(edit -> edit.event().id())
                .containsExactly(kept);
    }

    private static String editOf(String event) {
        return "{\"m.new_content\":{},\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"" + event + "\"}}";
    }

    @Test
    void membershipsAreKnownByUser() {
        RoomId room = create(TestRoom.aRoom(rooms));
        join(room);
        assertThat(queries().joinedMembers(room)).isEqualTo(2);
        assertThat(userRoom(room).membership()).isEqualTo("join");
        TestShard.sent(execute(
                room.value(),
                RoomCommand.ChangeMembership.of(
                        room, new Requester(BOB, null, null), MembershipAction.LEAVE, BOB, null, null, null)));
        execute(room.value(), new RoomCommand.ForgetRoom(room, BOB));
        assertThat(userRoom(room).membership()).isEqualTo("leave");
        assertThat(userRoom(room).forgotten()).isTrue();
        join(room);
        assertThat(userRoom(room).forgotten()).isFalse();
        assertThat(userRoom(room).newestSeq()).isEqualTo(userRoom(room).seq());
    }

    private RoomQueries.UserRoom userRoom(RoomId room) {
        return queries().roomsOf(BOB).rooms().stream()
                .filter(candidate -> candidate.room().equals(room))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aliasesFollowTheirRoomAcrossShards() {
        RoomAlias alias = new RoomAlias("#pub:example.org");
        RoomCommand.CreateRoom command =
                TestRoom.aRoom(rooms).alias(alias.value()).published().command();
        rooms.now++;
        execute(
                alias.value(),
                new RoomCommand.ClaimAlias(alias, command.room(), ALICE, false, System.currentTimeMillis() + 60_000));
        assertThat(queries().roomOf(alias)).isEmpty();
        assertThat(execute(command.room().value(), command)).isInstanceOf(RoomAnswer.Done.class);
        await().atMost(60, SECONDS)
                .untilAsserted(() -> assertThat(queries().roomOf(alias)).contains(command.room()));
        assertThat(queries().creatorOf(alias)).contains(ALICE);
        assertThat(queries().aliasesOf(command.room())).containsExactly(alias);
        assertThat(queries().publishedRooms(null, 100)).contains(command.room());
        assertThat(queries().isPublished(command.room())).isTrue();
        execute(alias.value(), new RoomCommand.DeleteAlias(alias, ALICE, false));
        assertThat(queries().roomOf(alias)).isEmpty();
    }

    @Test
    void whatIsReplayedIsWhatWasPublished() {
        RoomId room = create(TestRoom.aRoom(rooms).name("Pub").topic("Beer").published());
        join(room);
        redact(room, send(room, EventTypes.MESSAGE, null, "{\"body\":\"ünï\\u0000\\\"\"}"));
        Profile renamed = profile(BOB, 7, "Robert");
        int shard = Partitions.of(room.value(), SHARDS);
        byte[] answer = sender.send(
                        RoomTopics.INPUT,
                        shard,
                        BOB.value(),
                        ids.get(),
                        null,
                        Cbor.encode(new RoomCommand.ApplyProfile(shard, renamed, null)))
                .join();
        assertThat(Cbor.decode(answer, RoomAnswer.class)).isInstanceOf(RoomAnswer.ProfileApplied.class);
        execute(room.value(), new RoomCommand.RefreshMember(room, renamed));
        tail.barrier().join();
        for (int each = 0; each < SHARDS; each++) {
            var page = queries().replay(each, 0, 10_000);
            for (Numbered<RoomFact> fact : page.facts()) {
                assertThat(hex(fact.fact())).isEqualTo(published.get(key(each, fact.seq())));
            }
        }
        assertThat(queries().replay(shard, 0, 10_000).facts())
                .extracting(fact -> (Object) fact.fact().getClass())
                .contains(
                        RoomFact.RoomEvent.class,
                        RoomFact.ProfileNoted.class,
                        RoomFact.DirectoryVisibilityChanged.class);
    }

    /** All in: rows, indexes, log, kept answers. Half of it is the body, whose hashes and signature are random. */
    @Test
    void anEventCostsLittleRoom() throws Exception {
        RoomId room = create(TestRoom.aRoom(rooms));
        int messages = 3_000;
        long before = databaseSize();
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            RoomCommand command = new RoomCommand.SendEvent(
                    room,
                    new Requester(ALICE, "ABCDEFGHIJ", "m" + (1_700_000_000_000L + i)),
                    EventTypes.MESSAGE,
                    null,
                    ("{\"msgtype\":\"m.text\",\"body\":\"Is anybody out there? " + i + "\"}").getBytes(UTF_8),
                    null,
                    null,
                    null);
            answers.add(sender.send(
                    RoomTopics.INPUT,
                    Partitions.of(room.value(), SHARDS),
                    room.value(),
                    ids.get(),
                    new TransactionKey(i * 0x9E3779B97F4A7C15L, i),
                    Cbor.encode(command)));
            if (answers.size() == 500) {
                answers.forEach(CompletableFuture::join);
                answers.clear();
            }
        }
        answers.forEach(CompletableFuture::join);
        assertThat((databaseSize() - before) / messages).isLessThan(1_600);
    }

    /** Without what a transaction that was rolled back has left. */
    private long databaseSize() throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var statement = connection.createStatement()) {
            statement.execute("VACUUM FULL");
            try (var row = statement.executeQuery(
                    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n"
                            + " ON n.oid = c.relnamespace WHERE n.nspname = 'room' AND c.relkind = 'r'")) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void aRestartedServerGoesOnWhereItWas() throws Exception {
        RoomId room = create(TestRoom.aRoom(rooms).name("Pub"));
        join(room);
        EventId name = send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        redact(room, name);
        server.shards().close();
        server = server();
        server.shards().start();
        EventId next = send(room, EventTypes.MESSAGE, null, "{\"body\":\"still here\"}");
        var events = queries().events(room, 0, Long.MAX_VALUE, true, 2).events();
        assertThat(events.getFirst().event().id()).isEqualTo(next);
        assertThat(new String(events.getFirst().event().body(), UTF_8))
                .contains(events.getLast().event().id().value());
        EventId again = send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        assertThat(again).isNotEqualTo(name);
    }
}
