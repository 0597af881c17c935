package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.filter.SyncFilter;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.sync.AnswerStyle;
import io.myelin.clientsync.sync.SyncRequest;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@code /initialSync}, {@code /events}, peeking, and {@code /timestamp_to_event}. */
class OldReadsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");

    private static JsonObject json(byte[] body) {
        return JsonParser.parseObject(body, JsonRules.LENIENT);
    }

    private static List<String> chunk(JsonObject answer) {
        return ids(objects(answer.array("chunk").orElse(JsonArray.EMPTY)));
    }

    private JsonObject answer(UserId user, AnswerStyle style) {
        return answer(user, style, JsonObject.EMPTY);
    }

    private JsonObject answer(UserId user, AnswerStyle style, JsonObject rooms) {
        SyncRequest asked = server.client(user).request(0, false);
        SyncFilter filter = SyncFilter.parse(JsonObject.of("room", rooms));
        return json(server.syncs
                .fresh(
                        new SyncRequest(asked.session(), null, null, filter, false, true, asked.presence(), 0, style),
                        () -> {})
                .body());
    }

    @Test
    void initialSyncTellsOfEachRoom() {
        EventId said = kitchen.say(ALICE, "hello");
        Room cellar = server.room("cellar");
        cellar.invite(ALICE, BOB);
        kitchen.join(BOB);
        JsonObject answer = answer(BOB, AnswerStyle.INITIAL_SYNC);
        assertThat(answer.string("end")).isPresent();
        List<JsonObject> rooms = objects(answer.array("rooms").orElseThrow());
        assertThat(rooms).hasSize(2);
        JsonObject joined = rooms.getFirst();
        assertThat(joined.string("membership")).hasValue("join");
        assertThat(chunk(joined.object("messages").orElseThrow())).contains(said.value());
        assertThat(objects(joined.array("state").orElseThrow()))
                .anyMatch(event ->
                        event.string("user_id").filter(BOB.value()::equals).isPresent());
        assertThat(rooms.getLast().string("membership")).hasValue("invite");
        assertThat(rooms.getLast().string("inviter")).hasValue(ALICE.value());
    }

    @Test
    void initialSyncOfARoomThatOneHasLeftTellsNobodysPresence() {
        kitchen.join(BOB);
        server.isPresent(new UserPresence(BOB, PresenceState.ONLINE, 0, true, null));
        JsonObject only = JsonObject.of(
                        "rooms", JsonArray.ofStrings(List.of(kitchen.id().value())))
                .with("include_leave", true);
        assertThat(objects(answer(BOB, AnswerStyle.ROOM_INITIAL_SYNC, only)
                        .array("presence")
                        .orElseThrow()))
                .isNotEmpty();

        kitchen.leave(BOB);

        JsonObject answer = answer(BOB, AnswerStyle.ROOM_INITIAL_SYNC, only);
        assertThat(answer.string("membership")).hasValue("leave");
        assertThat(answer.array("presence")).hasValue(JsonArray.EMPTY);
    }

    @Nested
    class Peeking {
        @Test
        void isForWorldReadableRoomsAlone() {
            assertThatThrownBy(() -> server.peeks.isMember(session(BOB), kitchen.id()))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(403));
            kitchen.say(ALICE, "private");
            EventId opened = kitchen.visibility("world_readable");
            EventId said = kitchen.say(ALICE, "public");
            assertThat(server.peeks.isMember(session(BOB), kitchen.id())).isFalse();
            JsonObject answer = json(
                    server.peeks.initialSync(session(BOB), kitchen.id(), 10).toBytes());
            assertThat(chunk(answer.object("messages").orElseThrow())).containsExactly(opened.value(), said.value());
        }

        @Test
        void tellsOfWhatIsNew() throws Exception {
            kitchen.visibility("world_readable");
            JsonObject before = json(
                    server.peeks.events(session(BOB), kitchen.id(), null, 0).toBytes());
            assertThat(chunk(before)).isEmpty();
            String from = before.string("end").orElseThrow();
            CompletableFuture<JsonObject> later = CompletableFuture.supplyAsync(() -> json(server.peeks
                    .events(session(BOB), kitchen.id(), from, 20_000)
                    .toBytes()));
            EventId said = kitchen.say(ALICE, "hello");
            assertThat(chunk(later.get(20, TimeUnit.SECONDS))).containsExactly(said.value());
            kitchen.visibility("shared");
            assertThatThrownBy(() -> server.peeks.events(session(BOB), kitchen.id(), from, 0))
                    .isInstanceOf(MatrixException.class);
        }
    }

    @Nested
    class PeekingAtMembers {
        private String from = "";

        private JsonObject peek(long timeout) {
            JsonObject answer = json(server.peeks
                    .events(session(BOB), kitchen.id(), from, timeout)
                    .toBytes());
            from = answer.string("end").orElseThrow();
            return answer;
        }

        private List<String> types(JsonObject answer) {
            return objects(answer.array("chunk").orElseThrow()).stream()
                    .map(event -> event.string("type").orElseThrow())
                    .toList();
        }

        private JsonObject afterNews(Runnable news) throws Exception {
            CompletableFuture<JsonObject> later = CompletableFuture.supplyAsync(() -> peek(20_000));
            news.run();
            return later.get(20, TimeUnit.SECONDS);
        }

        @Test
        void tellsOfReceiptsTypingAndPresence() throws Exception {
            kitchen.visibility("world_readable");
            EventId said = kitchen.say(ALICE, "hello");
            server.isPresent(new UserPresence(ALICE, PresenceState.ONLINE, 0, true, "before"));
            assertThat(types(peek(0))).isEmpty();
            assertThat(types(afterNews(() -> server.receipt(kitchen, ALICE, "m.read", null, said))))
                    .containsExactly("m.receipt");
            JsonObject typing = afterNews(() -> server.types(kitchen, ALICE));
            assertThat(types(typing)).containsExactly("m.typing");
            assertThat(typing.toString())
                    .contains(ALICE.value())
                    .contains(kitchen.id().value());
            assertThat(types(afterNews(() ->
                            server.isPresent(new UserPresence(ALICE, PresenceState.UNAVAILABLE, 0, false, "away")))))
                    .containsExactly("m.presence");
            server.isPresent(new UserPresence(BOB, PresenceState.ONLINE, 0, true, "not in the room"));
            server.receipt(kitchen, ALICE, "m.read.private", null, said);
            assertThat(types(peek(0))).isEmpty();
        }

        /** The history is theirs to read, but not who is there now. */
        @Test
        void tellsWhoIsNotInARoomThatIsNotWorldReadableOfNoMember() {
            kitchen.join(BOB);
            EventId said = kitchen.say(ALICE, "hello");
            kitchen.leave(BOB);
            from = RoomPosition.after(1, 0).encode();
            peek(0);
            server.receipt(kitchen, ALICE, "m.read", null, said);
            server.types(kitchen, ALICE);
            assertThat(types(peek(0))).isEmpty();
        }
    }

    @Nested
    class ByTime {
        private String find(UserId user, long time, boolean forward) {
            return json(server.eventByTime.find(user, kitchen.id(), time, forward))
                    .string("event_id")
                    .orElseThrow();
        }

        /** The fixture's events are a millisecond apart, beginning at 1000. */
        @Test
        void findsTheNearestEventOfALongHistory() {
            List<EventId> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                all.add(kitchen.say(ALICE, "message " + i));
            }
            for (int i = 0; i < 400; i += 37) {
                assertThat(find(ALICE, 1002L + i, true)).isEqualTo(all.get(i).value());
                assertThat(find(ALICE, 1002L + i, false)).isEqualTo(all.get(i).value());
            }
            assertThat(find(ALICE, 9_999, false)).isEqualTo(all.getLast().value());
            assertThatThrownBy(() -> find(ALICE, 9_999, true))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(404));
            assertThatThrownBy(() -> find(ALICE, 1, false)).isInstanceOf(MatrixException.class);
            assertThatThrownBy(() -> find(BOB, 1_100, true))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(403));
        }

        @Test
        void findsOnlyWhatTheUserSees() {
            kitchen.visibility("joined");
            kitchen.say(ALICE, "secret");
            EventId joined = kitchen.join(BOB);
            assertThat(find(BOB, 1_003, true)).isEqualTo(joined.value());
        }
    }
}
