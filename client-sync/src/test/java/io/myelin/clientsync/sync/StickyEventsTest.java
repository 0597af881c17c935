package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sticky events (MSC4354). */
class StickyEventsTest {
    private static final long HOUR = 3_600_000;

    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");

    private static SyncingClient brief(SyncingClient client) {
        return client.filter("{\"room\":{\"timeline\":{\"limit\":1}}}");
    }

    private SyncingClient client() {
        return brief(server.client(ALICE));
    }

    private List<JsonObject> sticky(SyncingClient client) {
        return events(room(client.sync(), "join", kitchen.id()), "msc4354_sticky");
    }

    private List<String> stickyIds(SyncingClient client) {
        return ids(sticky(client));
    }

    private void talk() {
        kitchen.say(ALICE, "the last word");
    }

    @Test
    void areToldHoweverOldTheyAreInTheirOrder() {
        List<String> stuck = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            EventId event = i % 50 == 0 ? kitchen.stick(ALICE, "sticky", HOUR) : kitchen.say(ALICE, "x");
            if (i % 50 == 0) {
                stuck.add(event.value());
            }
        }
        assertThat(stickyIds(client())).isEqualTo(stuck);
        server.restart(1);
        assertThat(stickyIds(client())).isEqualTo(stuck);
    }

    @Test
    void areToldOnceAndNotWhatTheTimelineHas() {
        SyncingClient alice = client();
        alice.sync();
        EventId inTheGap = kitchen.stick(ALICE, "one", HOUR);
        EventId last = kitchen.stick(ALICE, "two", HOUR);
        JsonObject answer = alice.sync();
        assertThat(timelineIds(answer, "join", kitchen)).containsExactly(last.value());
        assertThat(ids(events(room(answer, "join", kitchen.id()), "msc4354_sticky")))
                .containsExactly(inTheGap.value());
        talk();
        assertThat(stickyIds(alice)).isEmpty();
    }

    @Test
    void areToldWhatTheTimelineFilterKeepsOut() {
        SyncingClient alice =
                server.client(ALICE).filter("{\"room\":{\"timeline\":{\"not_types\":[\"m.room.message\"]}}}");
        alice.sync();
        EventId stuck = kitchen.stick(ALICE, "one", HOUR);
        assertThat(stickyIds(alice)).containsExactly(stuck.value());
    }

    @Test
    void sayForHowLongTheyStillAre() {
        kitchen.stick(ALICE, "one", HOUR);
        talk();
        JsonObject event = sticky(client()).getFirst();
        assertThat(event.object("msc4354_sticky").orElseThrow().integer("duration_ms"))
                .hasValue(HOUR);
        long sent = event.integer("origin_server_ts").orElseThrow();
        assertThat(event.object("unsigned").orElseThrow().integer("msc4354_sticky_duration_ttl_ms"))
                .hasValue(sent + HOUR - server.clock.millis());
    }

    @Test
    void endWithTheirTime() {
        kitchen.stick(ALICE, "one", HOUR);
        talk();
        server.clock.advance(Duration.ofMinutes(59));
        assertThat(stickyIds(client())).isEmpty();
    }

    @Test
    void endWithTheirRedaction() {
        EventId stuck = kitchen.stick(ALICE, "one", HOUR);
        SyncingClient warm = client();
        warm.sync();
        kitchen.redact(ALICE, stuck);
        talk();
        assertThat(stickyIds(client())).isEmpty();
        server.restart(1);
        assertThat(stickyIds(client())).isEmpty();
    }

    @Test
    void areToldToWhoJoinsThoughTheHistoryIsHidden() {
        kitchen.visibility("joined");
        EventId stuck = kitchen.stick(ALICE, "one", HOUR);
        SyncingClient carol = brief(server.client(CAROL));
        carol.sync();
        assertThat(stickyIds(carol)).isEmpty();
        kitchen.join(CAROL);
        talk();
        assertThat(stickyIds(carol)).containsExactly(stuck.value());
        talk();
        assertThat(stickyIds(carol)).isEmpty();
    }

    @Test
    void areToldToNobodyWhoIsNotInTheRoom() {
        kitchen.visibility("world_readable");
        kitchen.stick(ALICE, "secret", HOUR);
        talk();
        kitchen.invite(ALICE, CAROL);
        assertThat(server.client(CAROL).sync().toString()).doesNotContain("secret");
        kitchen.join(BOB);
        kitchen.leave(BOB);
        kitchen.stick(ALICE, "secret", HOUR);
        JsonObject left = server.client(BOB)
                .filter("{\"room\":{\"include_leave\":true,\"timeline\":{\"limit\":1}}}")
                .sync();
        assertThat(left.toString()).doesNotContain("secret");
    }

    @Test
    void ofIgnoredUsersAreNotTold() {
        kitchen.join(BOB);
        kitchen.stick(BOB, "one", HOUR);
        talk();
        server.ignore(ALICE, BOB);
        assertThat(stickyIds(client())).isEmpty();
    }

    @Test
    void anInvalidTimeMakesNothingSticky() {
        kitchen.stick(ALICE, "one", 0);
        kitchen.stick(ALICE, "two", -1);
        talk();
        assertThat(stickyIds(client())).isEmpty();
    }

    @Test
    void nobodyPushesOutWhatOthersHaveSent() {
        kitchen.join(BOB);
        EventId alices = kitchen.stick(ALICE, "mine", HOUR);
        client().sync();
        for (int i = 0; i < RoomQueries.MOST_STICKY; i++) {
            kitchen.stick(BOB, "x", HOUR);
        }
        talk();
        assertThat(stickyIds(client())).hasSize(RoomQueries.MOST_STICKY).contains(alices.value());
    }

    @Test
    void ofAnErasedUserAreToldPruned() {
        kitchen.join(BOB);
        kitchen.stick(BOB, "personal", HOUR);
        kitchen.leave(BOB);
        server.erase(BOB);
        kitchen.join(CAROL);
        talk();
        assertThat(brief(server.client(CAROL)).sync().toString()).doesNotContain("personal");
    }

    @Test
    void areNoMoreThanARoomMayHave() {
        EventId first = kitchen.stick(ALICE, "first", HOUR);
        client().sync();
        EventId newest = first;
        for (int i = 0; i < RoomQueries.MOST_STICKY; i++) {
            newest = kitchen.stick(ALICE, "x", HOUR);
        }
        talk();
        List<String> told = stickyIds(client());
        assertThat(told).hasSize(RoomQueries.MOST_STICKY).doesNotContain(first.value());
        assertThat(told.getLast()).isEqualTo(newest.value());
    }
}
