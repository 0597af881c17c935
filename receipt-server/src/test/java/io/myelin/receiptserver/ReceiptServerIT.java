package io.myelin.receiptserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptCommand.DropReceipts;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.contracts.receipt.ReceiptQueries.RoomReceipts;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.engine.Numbered;
import io.myelin.engine.UuidV7;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.Shell;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.receiptserver.config.ReceiptServer;
import io.myelin.testing.TestEngines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service on a real database and a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceiptServerIT {
    private static final int SHARDS = 4;
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private final DatabaseLogin login = login();
    private final KafkaSettings kafka = new KafkaSettings(TestEngines.shared().bootstrapServers(), Map.of());
    private final UuidV7 ids = new UuidV7(
            System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
    private final Topics topics = topics();
    private final TopicWatch watch =
            new TopicWatch(topics, Set.of(ReceiptTopics.INPUT.name(), ReceiptTopics.OUTPUT.name(), "reply"));
    private final Producer<byte[], byte[]> producer = kafka.producer("receipt-server-it");
    private final Replies replies = new Replies(kafka, watch, 1);
    private final CommandSender sender = new CommandSender(producer, replies, 1_000, Duration.ofSeconds(30));
    private ReceiptServer server = server();

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("receipt_server_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private Topics topics() {
        Topics made = new Topics(
                kafka,
                List.of(
                        TopicPlan.input(ReceiptTopics.INPUT.name(), SHARDS),
                        TopicPlan.output(ReceiptTopics.OUTPUT.name(), SHARDS),
                        TopicPlan.reply(1)));
        made.prepare();
        return made;
    }

    private ReceiptServer server() {
        return ReceiptServer.of(
                SHARDS,
                "localhost",
                new ServiceDatabase(ReceiptServer.NAME, login, 4),
                new Shell(kafka, watch, producer, replies));
    }

    @BeforeAll
    void start() throws Exception {
        watch.start();
        replies.start();
        server.shards().start();
    }

    @AfterAll
    void stop() {
        sender.close();
        server.shards().close();
        replies.close();
        watch.close();
        topics.close();
        producer.close(Duration.ofSeconds(1));
    }

    private ReceiptQueries queries() {
        return server.queries();
    }

    private static int shardOf(RoomId room) {
        return Partitions.of(room.value(), SHARDS);
    }

    private static Receipt receipt(RoomId room, UserId user, String type, @Nullable String thread, long at) {
        return new Receipt(
                user, type, thread, new EventId("$" + at), new Position(shardOf(room), 1, at), 1_700_000_000_000L + at);
    }

    private Position set(RoomId room, Receipt... receipts) {
        return answer(room, new SetReceipts(room, List.of(receipts)));
    }

    private Position answer(RoomId room, ReceiptCommand command) {
        byte[] answer = sender.send(
                        ReceiptTopics.INPUT.name(), shardOf(room), room.value(), ids.get(), null, Cbor.encode(command))
                .join();
        return ((ReceiptAnswer.Done) Cbor.decode(answer, ReceiptAnswer.class)).at();
    }

    private List<Receipt> receiptsIn(RoomId room) {
        return queries().receiptsIn(room).receipts().stream()
                .map(NumberedReceipt::receipt)
                .toList();
    }

    @Test
    void whatWasAnsweredIsThere() {
        RoomId room = RoomId.parse("!answered:example.org");
        Receipt[] receipts = {
            receipt(room, ALICE, Receipt.PUBLIC, null, 5),
            receipt(room, ALICE, Receipt.PRIVATE, "main", 6),
            receipt(room, ALICE, Receipt.PUBLIC, "$root", 7),
            receipt(room, ALICE, Receipt.FULLY_READ, null, 4),
        };
        Position last = set(room, receipts);
        Receipt bobs = receipt(room, BOB, Receipt.PUBLIC, null, 5);
        set(room, bobs);
        assertThat(receiptsIn(room)).hasSize(5).contains(receipts).contains(bobs);
        assertThat(queries().receiptsOf(room, ALICE))
                .extracting(NumberedReceipt::receipt)
                .containsExactlyInAnyOrder(receipts);
        RoomReceipts all = queries().receiptsIn(room);
        assertThat(all.shard()).isEqualTo(last.shard());
        assertThat(all.incarnation()).isEqualTo(last.incarnation());
        assertThat(all.asOf()).isGreaterThan(last.seq());
        assertThat(queries().receiptsIn(RoomId.parse("!empty:example.org")).receipts())
                .isEmpty();
    }

    @Test
    void ofAPurgedRoomNothingIsLeft() {
        RoomId room = RoomId.parse("!purged:example.org");
        Position at = set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 5));
        set(room, receipt(room, ALICE, Receipt.PRIVATE, "main", 6), receipt(room, ALICE, Receipt.PUBLIC, "$root", 7));
        answer(room, new DropReceipts(room, List.of(ALICE, BOB)));
        assertThat(receiptsIn(room)).isEmpty();
        assertThat(queries().replay(shardOf(room), at.seq() - 1, 10_000).facts())
                .noneMatch(fact -> fact.fact() instanceof ReceiptFact.ReceiptMoved moved
                        && moved.room().equals(room));
        Receipt again = receipt(room, ALICE, Receipt.PUBLIC, null, 1);
        set(room, again);
        assertThat(receiptsIn(room)).containsExactly(again);
    }

    @Test
    void whatMovedIsOneRowAndOneFactOfItsLog() {
        RoomId room = RoomId.parse("!moved:example.org");
        set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 5));
        Receipt stays = receipt(room, BOB, Receipt.PUBLIC, "main", 5);
        set(room, stays);
        Receipt further = receipt(room, ALICE, Receipt.PUBLIC, null, 9);
        Position at = set(room, further);
        assertThat(set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 3))).isEqualTo(at);
        assertThat(receiptsIn(room)).containsExactlyInAnyOrder(stays, further);
        var replayed = queries().replay(shardOf(room), 0, 10_000);
        assertThat(replayed.upTo()).isGreaterThanOrEqualTo(at.seq());
        assertThat(replayed.facts())
                .filteredOn(fact -> fact.fact() instanceof ReceiptFact.ReceiptMoved moved
                        && moved.room().equals(room))
                .containsExactly(
                        new Numbered<>(at.seq() - 1, new ReceiptFact.ReceiptMoved(room, stays)),
                        new Numbered<>(at.seq(), new ReceiptFact.ReceiptMoved(room, further)));
    }

    @Test
    void aRestartedServerGoesOnWhereItWas() {
        RoomId room = RoomId.parse("!restarted:example.org");
        Receipt before = receipt(room, ALICE, Receipt.PUBLIC, "$root", 8);
        Position at = set(room, before);
        server.shards().close();
        server = server();
        server.shards().start();
        set(room, receipt(room, ALICE, Receipt.PUBLIC, "$root", 7));
        assertThat(receiptsIn(room)).containsExactly(before);
        Receipt after = receipt(room, ALICE, Receipt.PUBLIC, "$root", 9);
        assertThat(set(room, after).seq()).isGreaterThan(at.seq());
        assertThat(receiptsIn(room)).containsExactly(after);
    }
}
