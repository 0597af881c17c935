package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SyncTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    @Nested
    class AFirstSync {
        @Test
        void tellsTimelineStateAndSummary() {
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(ids(events(told, "timeline"))).hasSize(3).endsWith(hello.value());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(false));
            assertThat(events(told, "state")).isEmpty();
            assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(1));
        }

        @Test
        void tellsTheStateBeforeALimitedTimeline() {
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"before\"}");
            for (int i = 0; i < 9; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"after\"}");
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(events(told, "timeline")).hasSize(10);
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(places(events(told, "state")))
                    .containsExactly("m.room.create ", "m.room.member @alice:test", "m.room.name ");
            assertThat(name(events(told, "state"))).isEqualTo("before");
        }

        @Test
        void tellsTheStateAfterTheTimelineIfAskedTo() {
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"after\"}");
            JsonObject told = room(alice.usingStateAfter().sync(), "join", kitchen.id());
            assertThat(told.has("state")).isFalse();
            assertThat(name(events(told, "state_after"))).isEqualTo("after");
        }

        @Test
        void leavesOutRoomsThatWereLeftUnlessAskedFor() {
            kitchen.join(BOB);
            kitchen.leave(BOB);
            kitchen.say(ALICE, "secret");
            assertThat(room(bob.sync(), "leave", kitchen.id()).isEmpty()).isTrue();
            JsonObject asked = server.client(BOB)
                    .filter("{\"room\":{\"include_leave\":true}}")
                    .sync();
            assertThat(timelineIds(asked, "leave", kitchen)).hasSize(4);
        }

        @Test
        void leavesOutForgottenRooms() {
            kitchen.join(BOB);
            kitchen.leave(BOB);
            server.forget(kitchen.id(), BOB);
            JsonObject asked = server.client(BOB)
                    .filter("{\"room\":{\"include_leave\":true}}")
                    .sync();
            assertThat(room(asked, "leave", kitchen.id()).isEmpty()).isTrue();
        }

        private static String name(List<JsonObject> state) {
            return state.stream()
                    .filter(event -> event.string("type").orElse("").equals("m.room.name"))
                    .map(event -> in(event, "content", "name").toString().replace("\"", ""))
                    .findAny()
                    .orElse("");
        }
    }

    @Nested
    class ALaterSync {
        @Test
        void tellsOnlyWhatIsNew() {
            Room cellar = server.room("cellar");
            alice.sync();
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject answer = alice.sync();
            assertThat(timelineIds(answer, "join", kitchen)).containsExactly(hello.value());
            assertThat(room(answer, "join", cellar.id()).isEmpty()).isTrue();
            assertThat(timelineIds(alice.sync(), "join", kitchen)).isEmpty();
        }

        @Test
        void asksNoDatabase() {
            alice.sync();
            int before = server.rooms.asked;
            kitchen.say(ALICE, "hello");
            kitchen.join(BOB);
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"x\"}");
            assertThat(timelineIds(alice.sync(), "join", kitchen)).hasSize(3);
            assertThat(server.rooms.asked).isEqualTo(before);
        }

        @Test
        void tellsTheStateThatChangedInAGap() {
            alice.sync();
            kitchen.join(BOB);
            for (int i = 0; i < 12; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(places(events(told, "state"))).containsExactly("m.room.member @bob:test");
            assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(2));
        }

        @Test
        void tellsTheStateThatChangedInAGapLongerThanTheWindow() {
            alice.sync();
            kitchen.join(BOB);
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(places(events(told, "state"))).containsExactly("m.room.member @bob:test");
            assertThat(events(told, "timeline")).hasSize(10);
        }

        @Test
        void saysNothingOfAQuietSummary() {
            alice.sync();
            kitchen.say(ALICE, "hello");
            assertThat(in(room(alice.sync(), "join", kitchen.id()), "summary")).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void tellsTheFullStateIfAskedTo() {
            alice.sync();
            JsonObject told = room(alice.syncFullState(), "join", kitchen.id());
            assertThat(events(told, "timeline")).isEmpty();
            assertThat(places(events(told, "state"))).containsExactly("m.room.create ", "m.room.member @alice:test");
        }

        @Test
        void startsARoomAgainWhoseShardWasRestoredFromACopy() {
            alice.sync();
            server.restart(2);
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(events(told, "timeline")).hasSize(2);
        }

        @Test
        void doesNotWaitForAShardThatIsBehind() {
            alice.sync();
            String before = alice.token();
            server.roomLog.pause();
            EventId late = kitchen.say(ALICE, "late");
            assertThat(timelineIds(alice.sync(), "join", kitchen)).isEmpty();
            assertThat(alice.token()).isEqualTo(before);
            server.roomLog.resume();
            assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(late.value());
        }

        /** On a busy machine, a client has just been told that its event is sent. */
        @Test
        void waitsForAShardThatIsSlow() {
            alice.sync();
            server.roomLog.pause();
            EventId late = kitchen.say(ALICE, "late");
            CompletableFuture.delayedExecutor(400, TimeUnit.MILLISECONDS).execute(server.roomLog::resume);
            assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(late.value());
        }

        @Test
        void holdsAccountDataOfARoomWhoseShardIsBehind() {
            alice.sync();
            server.roomLog.pause();
            kitchen.say(ALICE, "late");
            server.accountData(ALICE, kitchen.id(), "m.tag", "{}");
            assertThat(room(alice.sync(), "join", kitchen.id()).isEmpty()).isTrue();
            server.roomLog.resume();
            assertThat(places(events(room(alice.sync(), "join", kitchen.id()), "account_data")))
                    .containsExactly("m.tag -");
        }

        @Test
        void tellsNoAccountDataAgainWhereItsShardIsBehind() {
            server.accountData(ALICE, null, "m.direct", "{}");
            alice.sync();
            String before = alice.token();
            server.accountLog.pause();
            server.accountData(ALICE, null, "m.direct", "{\"later\":[]}");
            assertThat(events(alice.sync(), "account_data")).isEmpty();
            assertThat(alice.token()).isEqualTo(before);
            server.accountLog.resume();
            assertThat(events(alice.sync(), "account_data")).hasSize(1);
        }
    }
}
