package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.contracts.presence.PresenceState.OFFLINE;
import static io.myelin.contracts.presence.PresenceState.ONLINE;
import static io.myelin.contracts.presence.PresenceState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);

    @BeforeEach
    void bobIsHere() {
        kitchen.join(BOB);
    }

    /** Users and their presence, sorted. */
    private static List<String> told(JsonObject answer) {
        return events(answer, "presence").stream()
                .map(event -> event.string("sender").orElseThrow() + " "
                        + event.object("content")
                                .flatMap(content -> content.string("presence"))
                                .orElseThrow())
                .sorted()
                .toList();
    }

    @Test
    void ofThoseWhoAreNotOfflineIsToldAtAFirstSync() {
        kitchen.join(CAROL);
        server.isPresent(ALICE, ONLINE);
        server.isPresent(BOB, UNAVAILABLE);
        server.isPresent(CAROL, OFFLINE);
        assertThat(told(alice.sync())).containsExactly("@alice:test online", "@bob:test unavailable");
    }

    @Test
    void isToldWithEverythingThatIsKnown() {
        server.isPresent(new UserPresence(BOB, UNAVAILABLE, 400_000, false, "out for lunch"));
        JsonObject event = events(alice.sync(), "presence").getFirst();
        assertThat(event.string("type")).contains("m.presence");
        assertThat(in(event, "content"))
                .isEqualTo(JsonParser.parseObject("""
                    {"presence":"unavailable","last_active_ago":600000,"currently_active":false,\
                    "status_msg":"out for lunch"}\
                    """.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void isToldOnceWhenItChanges() {
        alice.sync();
        server.isPresent(BOB, ONLINE);
        assertThat(told(alice.sync())).containsExactly("@bob:test online");
        assertThat(told(alice.sync())).isEmpty();
        server.isPresent(BOB, OFFLINE);
        assertThat(told(alice.sync())).containsExactly("@bob:test offline");
    }

    @Test
    void isReadByWhoHasSetItBeforeAnybodyIsTold() {
        server.presenceByItsOwner = new UserPresence(BOB, ONLINE, server.clock.millis(), true, "here");
        JsonObject read = JsonParser.parseObject(server.presenceReads.status(BOB, BOB));
        assertThat(read.string("presence")).contains("online");
        assertThat(read.string("status_msg")).contains("here");
    }

    @Test
    void isNotToldToStrangers() {
        SyncingClient carol = server.client(CAROL);
        carol.sync();
        server.room("cellar").join(CAROL);
        server.isPresent(BOB, ONLINE);
        assertThat(told(carol.sync())).containsExactly("@alice:test offline");
        assertThat(told(server.client(CAROL).sync())).containsExactly("@carol:test online");
    }

    @Test
    void isNotToldToWhoeverHasLeft() {
        SyncingClient bob = server.client(BOB);
        bob.sync();
        kitchen.leave(BOB);
        bob.sync();
        server.isPresent(ALICE, ONLINE);
        assertThat(told(bob.sync())).isEmpty();
        assertThat(told(server.client(BOB).sync())).containsExactly("@bob:test online");
    }

    @Test
    void ofOneselfIsTold() {
        alice.sync();
        server.isPresent(ALICE, ONLINE);
        assertThat(told(alice.sync())).containsExactly("@alice:test online");
    }

    @Test
    void ofSomebodyWhoJoinsIsToldToThoseWhoAreThere() {
        server.isPresent(CAROL, ONLINE);
        alice.sync();
        kitchen.join(CAROL);
        assertThat(told(alice.sync())).containsExactly("@carol:test online");
    }

    @Test
    void ofThoseWhoAreThereIsToldToSomebodyWhoJoins() {
        SyncingClient carol = server.client(CAROL);
        server.isPresent(BOB, ONLINE);
        carol.sync();
        kitchen.join(CAROL);
        assertThat(told(carol.sync())).containsExactly("@alice:test offline", "@bob:test online");
    }

    @Test
    void ofOneOfManyIsFoundAmongThem() {
        alice.sync();
        for (int i = 0; i < 1_000; i++) {
            server.isPresent(new UserId("@stranger" + i + ":test"), ONLINE);
        }
        server.isPresent(BOB, ONLINE);
        for (int i = 1_000; i < 2_000; i++) {
            server.isPresent(new UserId("@stranger" + i + ":test"), ONLINE);
        }
        assertThat(told(alice.sync())).containsExactly("@bob:test online");
    }

    @Test
    void isFiltered() {
        server.isPresent(BOB, ONLINE);
        assertThat(told(alice.filter("{\"presence\":{\"not_senders\":[\"@bob:test\"]}}")
                        .sync()))
                .containsExactly("@alice:test online");
        assertThat(told(alice.filter("{\"presence\":{\"types\":[]}}").sync())).isEmpty();
    }

    @Test
    void isToldToWhoeverHasATokenOfAnEarlierRelease() {
        server.isPresent(BOB, ONLINE);
        alice.sync();
        alice.goBackToATokenOfAnEarlierRelease();
        assertThat(told(alice.sync())).containsExactly("@bob:test online");
        assertThat(told(alice.sync())).isEmpty();
    }

    @Test
    void outlivesItsServerForAMinute() {
        server.isPresent(BOB, ONLINE);
        alice.sync();
        server.presenceServerRestarts();
        server.isPresent(ALICE, ONLINE);
        assertThat(told(alice.sync())).containsExactly("@alice:test online");
        assertThat(told(server.client(ALICE).sync())).contains("@bob:test online");
        server.clock.advance(Duration.ofSeconds(61));
        server.isPresent(ALICE, UNAVAILABLE);
        assertThat(told(alice.sync())).containsExactly("@alice:test unavailable", "@bob:test offline");
    }

    @Test
    void isReadByThoseWhoShareARoom() {
        server.isPresent(BOB, ONLINE);
        assertThat(status(ALICE, BOB)).isEqualTo(Json.of("online"));
        assertThat(status(BOB, ALICE)).isEqualTo(Json.of("offline"));
        assertThat(status(CAROL, CAROL)).isEqualTo(Json.of("offline"));
        assertThatThrownBy(() -> status(CAROL, BOB)).hasMessageContaining("M_FORBIDDEN");
    }

    private Json status(UserId viewer, UserId user) {
        return in(JsonParser.parseObject(server.presenceReads.status(viewer, user)), "presence");
    }
}
