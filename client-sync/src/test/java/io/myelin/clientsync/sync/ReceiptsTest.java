package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static io.myelin.contracts.receipt.Receipt.FULLY_READ;
import static io.myelin.contracts.receipt.Receipt.PRIVATE;
import static io.myelin.contracts.receipt.Receipt.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);
    private EventId hello = new EventId("$none");

    @BeforeEach
    void bobIsHereAndSomethingWasSaid() {
        kitchen.join(BOB);
        hello = kitchen.say(ALICE, "hello");
    }

    private List<JsonObject> told(JsonObject answer) {
        return events(room(answer, "join", kitchen.id()), "ephemeral");
    }

    /** The content of the one event of receipts. */
    private JsonObject receipts(JsonObject answer) {
        List<JsonObject> events = told(answer);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().string("type")).contains("m.receipt");
        return events.getFirst().object("content").orElseThrow();
    }

    @Test
    void areAllToldAtAFirstSync() {
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        server.receipt(kitchen, ALICE, PUBLIC, "main", hello);
        JsonObject content = receipts(alice.sync());
        assertThat(in(content, hello.value(), "m.read", "@bob:test", "ts")).isEqualTo(Json.of(1_000_000));
        assertThat(in(content, hello.value(), "m.read", "@alice:test", "thread_id"))
                .isEqualTo(Json.of("main"));
    }

    @Test
    void thatWereDroppedAreNotTold() {
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        assertThat(told(alice.sync())).isNotEmpty();
        server.dropReceipts(kitchen, BOB);
        assertThat(told(server.client(ALICE).sync())).isEmpty();
    }

    @Test
    void areToldOnceWhenTheyMove() {
        alice.sync();
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        assertThat(receipts(alice.sync()).names()).containsExactly(hello.value());
        assertThat(told(alice.sync())).isEmpty();
    }

    @Test
    void ofMembersWhoHaveLeftAreNotToldAtAFirstSync() {
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        kitchen.leave(BOB);
        assertThat(told(alice.sync())).isEmpty();
    }

    @Test
    void thatArePrivateAreToldToTheirOwnerAlone() {
        alice.sync();
        bob.sync();
        server.receipt(kitchen, BOB, PRIVATE, null, hello);
        assertThat(told(alice.sync())).isEmpty();
        assertThat(in(receipts(bob.sync()), hello.value(), "m.read.private", "@bob:test", "ts"))
                .isNotNull();
        assertThat(told(server.client(ALICE).sync())).isEmpty();
        assertThat(told(server.client(BOB).sync())).hasSize(1);
    }

    @Test
    void ofAThreadAndOfNoneAtOneEventAreBothTold() {
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        server.receipt(kitchen, BOB, PUBLIC, "main", hello);
        assertThat(told(alice.sync())).hasSize(2);
    }

    @Test
    void markHowFarTheirOwnerHasReadInTheRoomsAccountData() {
        alice.sync();
        bob.sync();
        server.receipt(kitchen, BOB, FULLY_READ, null, hello);
        JsonObject answer = bob.sync();
        JsonObject marker =
                events(room(answer, "join", kitchen.id()), "account_data").getFirst();
        assertThat(marker.string("type")).contains("m.fully_read");
        assertThat(in(marker, "content", "event_id")).isEqualTo(Json.of(hello.value()));
        assertThat(told(answer)).isEmpty();
        assertThat(room(alice.sync(), "join", kitchen.id()).isEmpty()).isTrue();
    }

    @Test
    void comeWithARoomThatWasJustJoined() {
        SyncingClient carol = server.client(CAROL);
        carol.sync();
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        kitchen.join(CAROL);
        assertThat(receipts(carol.sync()).names()).containsExactly(hello.value());
    }

    @Test
    void areNeverToldBeforeTheirEvent() {
        alice.sync();
        server.roomLog.pause();
        EventId late = kitchen.say(ALICE, "late");
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        server.receipt(kitchen, BOB, PUBLIC, "main", late);
        JsonObject before = alice.syncWithoutBarrier();
        assertThat(receipts(before).names()).containsExactly(hello.value());
        server.roomLog.resume();
        JsonObject after = alice.sync();
        assertThat(timelineIds(after, "join", kitchen)).containsExactly(late.value());
        assertThat(receipts(after).names()).containsExactly(late.value());
    }

    @Test
    void areNotWaitedForWhereTheirShardIsBehind() {
        alice.sync();
        String before = alice.token();
        server.receiptLog.pause();
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        assertThat(told(alice.sync())).isEmpty();
        assertThat(alice.token()).isEqualTo(before);
        server.receiptLog.resume();
        assertThat(receipts(alice.sync()).names()).containsExactly(hello.value());
    }

    @Test
    void areToldByAReaderThatHasJustBegun() {
        alice.sync();
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        server.restart(1);
        assertThat(receipts(alice.sync()).names()).containsExactly(hello.value());
        int asked = server.receipts.asked;
        assertThat(told(alice.sync())).isEmpty();
        assertThat(server.receipts.asked).isEqualTo(asked);
    }

    @Test
    void areAllToldOnceToWhoeverHasATokenOfAnEarlierRelease() {
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        alice.sync();
        alice.goBackToATokenOfAnEarlierRelease();
        assertThat(receipts(alice.sync()).names()).containsExactly(hello.value());
        assertThat(told(alice.sync())).isEmpty();
    }

    @Test
    void areAllToldInARoomWithManyReaders() {
        List<EventId> said = IntStream.range(0, 100)
                .mapToObj(i -> kitchen.say(ALICE, "message " + i))
                .toList();
        alice.sync();
        for (int i = 0; i < said.size(); i++) {
            server.receipt(kitchen, BOB, PUBLIC, "$thread" + i, said.get(i));
        }
        assertThat(receipts(alice.sync()).names()).hasSize(100);
    }

    @Test
    void areFiltered() {
        server.receipt(kitchen, BOB, PUBLIC, null, hello);
        server.types(kitchen, BOB);
        assertThat(told(alice.filter("{\"room\":{\"ephemeral\":{\"not_types\":[\"m.receipt\"]}}}")
                        .sync()))
                .extracting(event -> event.string("type").orElse(""))
                .containsExactly("m.typing");
        assertThat(told(server.client(ALICE)
                        .filter("{\"room\":{\"ephemeral\":{\"limit\":1}}}")
                        .sync()))
                .hasSize(1);
        assertThat(told(server.client(ALICE)
                        .filter(
                                "{\"room\":{\"ephemeral\":{\"not_senders\":[\"@bob:test\"],\"types\":[\"m.receipt\"]}}}")
                        .sync()))
                .isEmpty();
        assertThat(told(server.client(ALICE)
                        .filter("{\"room\":{\"ephemeral\":{\"not_rooms\":[\"" + kitchen.id() + "\"]}}}")
                        .sync()))
                .isEmpty();
    }
}
