package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TypingTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);

    @BeforeEach
    void bobIsHere() {
        kitchen.join(BOB);
    }

    /** The list that was told, as text; empty if none was. */
    private String typing(JsonObject answer) {
        List<JsonObject> events = events(room(answer, "join", kitchen.id()), "ephemeral");
        return events.isEmpty()
                ? ""
                : in(events.getFirst(), "content", "user_ids").toString();
    }

    @Test
    void isToldAtAFirstSync() {
        server.types(kitchen, BOB);
        assertThat(typing(alice.sync())).isEqualTo("[\"@bob:test\"]");
    }

    @Test
    void isToldWithTheWholeListWheneverItChanges() {
        alice.sync();
        server.types(kitchen, BOB);
        assertThat(typing(alice.sync())).isEqualTo("[\"@bob:test\"]");
        assertThat(typing(alice.sync())).isEmpty();
        server.types(kitchen, BOB, ALICE);
        assertThat(typing(alice.sync())).isEqualTo("[\"@bob:test\",\"@alice:test\"]");
        server.types(kitchen);
        assertThat(typing(alice.sync())).isEqualTo("[]");
        assertThat(typing(alice.sync())).isEmpty();
    }

    @Test
    void isToldOnceOfTheRoomsOfEachShard() {
        List<Room> rooms = IntStream.range(0, 20)
                .mapToObj(number -> server.room("room" + number))
                .toList();
        alice.sync();
        for (Room one : rooms) {
            server.types(one, ALICE);
            JsonObject answer = alice.sync();
            assertThat(rooms.stream()
                            .filter(other -> !events(room(answer, "join", other.id()), "ephemeral")
                                    .isEmpty()))
                    .containsExactly(one);
        }
    }

    @Test
    void thatCameAndWentBetweenTwoAnswersIsNotTold() {
        alice.sync();
        server.types(kitchen, BOB);
        server.types(kitchen);
        assertThat(typing(alice.sync())).isEmpty();
    }

    @Test
    void endsWhenSomebodyLeaves() {
        server.types(kitchen, BOB);
        kitchen.leave(BOB);
        assertThat(server.typingEnded).containsExactly(new SetTyping(kitchen.id(), BOB, 0));
    }

    @Test
    void endsWhenSomebodyIsLoggedOut() {
        server.types(kitchen, BOB);
        server.types(server.room("hall"), ALICE);
        server.removeDevice(BOB, "PHONE");
        assertThat(server.typingEnded).containsExactly(new SetTyping(kitchen.id(), BOB, 0));
    }

    @Test
    void ofWhoHasLeftIsNotTold() {
        alice.sync();
        kitchen.leave(BOB);
        server.types(kitchen, BOB, ALICE);
        assertThat(typing(alice.sync())).isEqualTo("[\"@alice:test\"]");
    }

    @Test
    void isToldOnlyToThoseWhoAreInTheRoom() {
        server.types(kitchen, BOB);
        assertThat(typing(server.client(CAROL).sync())).isEmpty();
    }

    @Test
    void comesWithARoomThatWasJustJoined() {
        SyncingClient carol = server.client(CAROL);
        server.types(kitchen, BOB);
        carol.sync();
        kitchen.join(CAROL);
        assertThat(typing(carol.sync())).isEqualTo("[\"@bob:test\"]");
    }

    @Test
    void goesOnWhereAllThatIsKnownIsToldAgain() {
        server.types(kitchen, BOB);
        alice.sync();
        server.typingIsToldAgain(kitchen, BOB);
        assertThat(typing(alice.sync())).isEmpty();
        assertThat(typing(server.client(ALICE).sync())).isEqualTo("[\"@bob:test\"]");
    }

    @Test
    void endsWithTheServerThatKnewOfIt() {
        server.types(kitchen, BOB);
        alice.sync();
        server.typingServerRestarts();
        assertThat(typing(alice.sync())).isEqualTo("[]");
        assertThat(typing(alice.sync())).isEmpty();
    }

    @Test
    void endsForWhoeverSawItElsewhereAndComesToAReaderThatNeverDid() {
        server.types(kitchen, BOB);
        alice.sync();
        Server another = new Server();
        Room same = another.room("kitchen");
        same.join(BOB);
        another.typingServerRestarts();
        SyncingClient there = another.client(ALICE);
        there.goBackTo(alice.token());
        assertThat(typing(there.sync())).isEqualTo("[]");
    }

    @Test
    void isToldAgainWhereTheTokenIsOfALaterPast() {
        server.typingServerRestarts();
        server.types(kitchen, BOB);
        alice.sync();
        Server restored = new Server();
        Room same = restored.room("kitchen");
        same.join(BOB);
        restored.types(same, BOB);
        SyncingClient there = restored.client(ALICE);
        there.goBackTo(alice.token());
        assertThat(typing(there.sync())).isEqualTo("[\"@bob:test\"]");
    }

    @Test
    void isToldToWhoeverHasATokenOfAnEarlierRelease() {
        server.types(kitchen, BOB);
        alice.sync();
        alice.goBackToATokenOfAnEarlierRelease();
        assertThat(typing(alice.sync())).isEqualTo("[\"@bob:test\"]");
    }
}
