package io.myelin.receiptserver;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptTopics;
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
import io.myelin.server.rpc.TwoProcesses;
import io.myelin.testing.TestEngines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** The service on a real database and a real broker, and commands to it. */
final class RunningReceiptServer implements AutoCloseable {
    static final int SHARDS = TwoProcesses.SHARDS;
    static final UserId ALICE = UserId.parse("@alice:example.org");
    static final UserId BOB = UserId.parse("@bob:example.org");

    private static final AtomicInteger ROOMS = new AtomicInteger();

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

    RunningReceiptServer() {
        watch.start();
        try {
            replies.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before receipt-server had started", e);
        }
        server.shards().start();
    }

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

    void restart() {
        server.shards().close();
        server = server();
        server.shards().start();
    }

    @Override
    public void close() {
        sender.close();
        server.shards().close();
        replies.close();
        watch.close();
        topics.close();
        producer.close(Duration.ofSeconds(1));
    }

    ReceiptQueries queries() {
        return server.queries();
    }

    /** A room that nobody has a receipt in. */
    static RoomId aRoom() {
        return RoomId.parse("!room" + ROOMS.incrementAndGet() + ":example.org");
    }

    static int shardOf(RoomId room) {
        return Partitions.of(room.value(), SHARDS);
    }

    static Receipt receipt(RoomId room, UserId user, String type, @Nullable String thread, long at) {
        return new Receipt(
                user, type, thread, new EventId("$" + at), new Position(shardOf(room), 1, at), 1_700_000_000_000L + at);
    }

    Position set(RoomId room, Receipt... receipts) {
        return answer(room, new SetReceipts(room, List.of(receipts)));
    }

    Position answer(RoomId room, ReceiptCommand command) {
        byte[] answer = sender.send(
                        ReceiptTopics.INPUT.name(), shardOf(room), room.value(), ids.get(), null, Cbor.encode(command))
                .join();
        return ((ReceiptAnswer.Done) Cbor.decode(answer, ReceiptAnswer.class)).at();
    }
}
