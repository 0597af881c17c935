package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.places;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    @Test
    void anInvitationIsToldInStrippedStateOnce() {
        bob.sync();
        kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
        kitchen.invite(ALICE, BOB);
        JsonObject told = room(bob.sync(), "invite", kitchen.id());
        assertThat(places(events(told, "invite_state")))
                .containsExactly(
                        "m.room.create ", "m.room.member @alice:test", "m.room.member @bob:test", "m.room.name ");
        assertThat(events(told, "invite_state")).allMatch(event -> !event.has("event_id"));
        assertThat(room(bob.sync(), "invite", kitchen.id()).isEmpty()).isTrue();
    }

    @Test
    void anInvitationByAnIgnoredUserIsNotTold() {
        server.accountData(BOB, null, "m.ignored_user_list", "{\"ignored_users\":{\"@alice:test\":{}}}");
        bob.sync();
        kitchen.invite(ALICE, BOB);
        assertThat(room(bob.sync(), "invite", kitchen.id()).isEmpty()).isTrue();
    }

    /** Client-server API, "Invite permission"; MSC4155. */
    @Test
    void anInvitationThatTheUserBlocksOrIgnoresIsNotTold() {
        bob.sync();
        kitchen.invite(ALICE, BOB);
        for (String config : List.of(
                "{\"default_action\":\"block\"}",
                "{\"blocked_users\":[\"@alice:*\"]}",
                "{\"ignored_servers\":[\"test\"]}")) {
            server.accountData(BOB, null, "m.invite_permission_config", config);
            assertThat(room(server.client(BOB).sync(), "invite", kitchen.id()).isEmpty())
                    .isTrue();
        }
        server.accountData(BOB, null, "m.invite_permission_config", "{\"allowed_users\":[\"@alice:test\"]}");
        assertThat(room(server.client(BOB).sync(), "invite", kitchen.id()).isEmpty())
                .isFalse();
    }

    @Test
    void anAcceptedInvitationIsARoomFromTheStart() {
        EventId earlier = kitchen.say(ALICE, "earlier");
        kitchen.invite(ALICE, BOB);
        bob.sync();
        kitchen.join(BOB);
        JsonObject told = room(bob.sync(), "join", kitchen.id());
        assertThat(ids(events(told, "timeline"))).contains(earlier.value());
        assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
        List<String> all = new java.util.ArrayList<>(places(events(told, "state")));
        all.addAll(places(events(told, "timeline")));
        assertThat(all).contains("m.room.create ", "m.room.member @alice:test", "m.room.member @bob:test");
    }

    @Test
    void whoComesBackByInvitationIsNotToldAgainWhatTheyKnow() {
        kitchen.join(BOB);
        EventId known = kitchen.say(ALICE, "known");
        kitchen.leave(BOB);
        bob.sync();
        EventId missed = kitchen.say(ALICE, "missed");
        kitchen.invite(ALICE, BOB);
        bob.sync();
        kitchen.join(BOB);
        assertThat(timelineIds(bob.sync(), "join", kitchen))
                .contains(missed.value())
                .doesNotContain(known.value());
    }

    @Test
    void aKickEndsTheRoomWithItself() {
        kitchen.join(BOB);
        bob.sync();
        EventId last = kitchen.say(ALICE, "last words");
        EventId kick = kitchen.member(ALICE, BOB, "leave");
        kitchen.say(ALICE, "secret");
        JsonObject answer = bob.sync();
        assertThat(timelineIds(answer, "leave", kitchen)).containsExactly(last.value(), kick.value());
        assertThat(room(answer, "join", kitchen.id()).isEmpty()).isTrue();
        assertThat(timelineIds(bob.sync(), "leave", kitchen)).isEmpty();
    }

    @Test
    void aKickLongAgoIsToldFromRoomServersHistory() {
        kitchen.join(BOB);
        bob.sync();
        EventId kick = kitchen.member(ALICE, BOB, "leave");
        for (int i = 0; i < 150; i++) {
            kitchen.say(ALICE, "secret " + i);
        }
        assertThat(timelineIds(bob.sync(), "leave", kitchen)).containsExactly(kick.value());
    }

    /** A user leaves the room and gets other memberships afterwards, while the room goes on without them. */
    private void leavesAndIsPutOutAgain(List<String> then) {
        kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"known\"}");
        kitchen.join(BOB);
        bob.sync();
        kitchen.say(ALICE, "last words");
        kitchen.leave(BOB);
        kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"secret\"}");
        kitchen.join(CAROL);
        kitchen.say(ALICE, "secret");
        then.forEach(membership -> kitchen.member(ALICE, BOB, membership));
    }

    @ParameterizedTest
    @ValueSource(strings = {"invite leave", "ban", "ban leave", "knock leave", "invite leave ban"})
    void aSecondExitTellsNothingFromAfterTheFirst(String exits) {
        List<String> then = List.of(exits.split(" "));
        leavesAndIsPutOutAgain(then);
        String token = Objects.requireNonNull(bob.token());
        for (boolean stateAfter : List.of(false, true)) {
            for (boolean full : List.of(false, true)) {
                SyncingClient again = server.client(BOB);
                again.goBackTo(token);
                if (stateAfter) {
                    again.usingStateAfter();
                }
                JsonObject told = room(full ? again.syncFullState() : again.sync(), "leave", kitchen.id());
                assertThat(told.toString())
                        .contains("last words")
                        .contains("\"membership\":\"" + then.getLast() + "\"")
                        .doesNotContain("secret")
                        .doesNotContain("@carol:test");
                assertThat(told.toString().contains("\"known\"")).isEqualTo(full);
            }
        }
    }

    @Test
    void aSecondExitAloneIsToldToWhoKnowsOfTheFirst() {
        kitchen.join(BOB);
        kitchen.leave(BOB);
        bob.sync();
        kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"secret\"}");
        kitchen.invite(ALICE, BOB);
        bob.sync();
        EventId refusal = kitchen.leave(BOB);
        JsonObject told = room(bob.sync(), "leave", kitchen.id());
        assertThat(ids(events(told, "timeline"))).containsExactly(refusal.value());
        assertThat(events(told, "state")).isEmpty();
    }

    @Test
    void aStayBetweenTwoTokensIsToldAlthoughASecondExitFollowed() {
        bob.sync();
        EventId join = kitchen.join(BOB);
        EventId seen = kitchen.say(ALICE, "welcome");
        EventId leave = kitchen.leave(BOB);
        kitchen.say(ALICE, "secret");
        EventId ban = kitchen.member(ALICE, BOB, "ban");
        assertThat(timelineIds(bob.sync(), "leave", kitchen))
                .endsWith(join.value(), seen.value(), leave.value(), ban.value());
    }

    @Test
    void aRefusedInvitationTellsNothingOfTheRoom() {
        kitchen.visibility("joined");
        kitchen.say(ALICE, "secret");
        kitchen.invite(ALICE, BOB);
        bob.sync();
        EventId refusal = kitchen.leave(BOB);
        JsonObject told = room(bob.sync(), "leave", kitchen.id());
        assertThat(ids(events(told, "timeline"))).containsExactly(refusal.value());
        assertThat(events(told, "state")).isEmpty();
    }

    @Test
    void whoComesBackIsNotToldAgainWhatTheyKnow() {
        kitchen.join(BOB);
        EventId leave = kitchen.leave(BOB);
        bob.sync();
        kitchen.say(ALICE, "meanwhile");
        EventId join = kitchen.join(BOB);
        JsonObject told = room(bob.sync(), "join", kitchen.id());
        assertThat(ids(events(told, "timeline"))).endsWith(join.value()).doesNotContain(leave.value());
        assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
    }

    @Test
    void aJoinedHistoryHidesWhatWasSaidWhileSomebodyWasAway() {
        kitchen.visibility("joined");
        kitchen.join(BOB);
        bob.sync();
        EventId leave = kitchen.leave(BOB);
        EventId secret = kitchen.say(ALICE, "secret");
        EventId join = kitchen.join(BOB);
        assertThat(timelineIds(bob.sync(), "join", kitchen))
                .contains(leave.value(), join.value())
                .doesNotContain(secret.value());
    }

    @Test
    void aKnockIsToldAsSuch() {
        bob.sync();
        kitchen.member(BOB, BOB, "knock");
        assertThat(events(room(bob.sync(), "knock", kitchen.id()), "knock_state"))
                .isNotEmpty();
    }
}
