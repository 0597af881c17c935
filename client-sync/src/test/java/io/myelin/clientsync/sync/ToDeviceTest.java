package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.clientsync.fixture.LoggedInboxes.Drop;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.park.Reply;
import io.myelin.contracts.Partitions;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.StreamedJson;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ToDeviceTest {
    private static final String DEVICE = "DEVICE";

    private final Server server = new Server();
    private final SyncingClient alice = server.client(ALICE);

    private static List<String> types(JsonObject answer) {
        return events(answer, "to_device").stream()
                .map(event -> event.string("type").orElseThrow())
                .toList();
    }

    private void send(String... types) {
        for (String type : types) {
            server.inboxes.put(ALICE, DEVICE, type);
        }
    }

    private void awaitDrop() {
        await().until(() -> !server.inboxes.drops.isEmpty());
        server.inboxes.dropAll();
    }

    @Test
    void arriveInTheirOrder() {
        alice.sync();
        send("a", "b");
        JsonObject answer = alice.sync();
        assertThat(types(answer)).containsExactly("a", "b");
        assertThat(events(answer, "to_device").getFirst().toString())
                .isEqualTo("{\"content\":{},\"sender\":\"@alice:test\",\"type\":\"a\"}");
        assertThat(types(alice.sync())).isEmpty();
    }

    @Test
    void comeWithTheFirstSync() {
        send("a");
        assertThat(types(alice.sync())).containsExactly("a");
    }

    @Test
    void comeAgainWithTheSameTokenOnEveryReader() {
        alice.sync();
        String before = alice.token();
        send("a");
        assertThat(types(alice.sync())).containsExactly("a");
        alice.goBackTo(before);
        server.restart(1);
        send("b");
        assertThat(types(alice.sync())).containsExactly("a", "b");
        assertThat(server.inboxes.drops).isEmpty();
    }

    @Test
    void areDroppedOnceATokenIncludesThem() {
        alice.sync();
        send("a");
        alice.sync();
        assertThat(server.inboxes.drops).isEmpty();
        long number = server.accountLog
                .facts(Partitions.of(ALICE.value(), Server.SHARDS))
                .size();
        alice.sync();
        await().until(() -> server.inboxes.drops.contains(new Drop(ALICE, DEVICE, number)));
        server.inboxes.dropAll();
        alice.sync();
        assertThat(server.inboxes.drops).isEmpty();
        send("b");
        assertThat(types(alice.sync())).containsExactly("b");
    }

    /** A reader that was not there when the messages arrived finds them when it loads the user. */
    @Test
    void areDroppedByAReaderThatDidNotSendThem() {
        send("a", "b");
        alice.sync();
        server.restart(1);
        send("c");
        assertThat(types(alice.sync())).containsExactly("c");
        awaitDrop();
        server.restart(1);
        assertThat(types(alice.sync())).isEmpty();
        awaitDrop();
        assertThat(server.inboxes.messages(ALICE, DEVICE, 0, Long.MAX_VALUE, 10).messages())
                .isEmpty();
    }

    @Test
    void comeAHundredAtATime() {
        alice.sync();
        IntStream.range(0, 250).forEach(i -> send("t" + i));
        assertThat(types(alice.sync())).hasSize(100).startsWith("t0").endsWith("t99");
        assertThat(types(alice.sync())).hasSize(100).startsWith("t100").endsWith("t199");
        assertThat(types(alice.sync())).hasSize(50).endsWith("t249");
        assertThat(types(alice.sync())).isEmpty();
    }

    @Test
    void costNoQuestionWhereThereAreNone() {
        alice.sync();
        server.inboxes.put(ALICE, "ANOTHER", "a");
        server.inboxes.put(BOB, DEVICE, "a");
        alice.sync();
        assertThat(types(alice.sync())).isEmpty();
        assertThat(server.inboxes.questions).hasValue(0);
    }

    /** What was sent with a token of before the restore is sent again, rather than lost. */
    @Test
    void comeAgainAfterARestore() {
        send("a");
        alice.sync();
        server.restart(2);
        assertThat(types(alice.sync())).containsExactly("a");
        assertThat(server.inboxes.drops).isEmpty();
    }

    @Test
    void areGoneWithTheirDevice() {
        alice.sync();
        send("a");
        server.removeDevice(ALICE, DEVICE);
        assertThat(types(alice.sync())).isEmpty();
        assertThat(server.inboxes.questions).hasValue(0);
    }

    @Test
    void wakeTheRequestOfTheirDevice() {
        alice.sync();
        CompletableFuture<StreamedJson> parked = new CompletableFuture<>();
        Optional<StreamedJson> now = server.polls.answer(alice.request(60_000, false), _ -> new Reply() {
            @Override
            public void answer(StreamedJson content) {
                parked.complete(content);
            }

            @Override
            public void fail(RuntimeException reason) {
                parked.completeExceptionally(reason);
            }
        });
        assertThat(now).isEmpty();
        server.inboxes.put(ALICE, "ANOTHER", "a");
        assertThat(parked).isNotDone();
        send("b");
        assertThat(types(alice.take(parked.join().toBytes()))).containsExactly("b");
    }

    /** While the user's shard is behind, the token stays where it was, and nothing is lost. */
    @Test
    void waitForAShardThatIsBehind() {
        alice.sync();
        server.accountLog.pause();
        send("a");
        assertThat(types(alice.sync())).isEmpty();
        server.accountLog.resume();
        assertThat(types(alice.sync())).containsExactly("a");
    }
}
