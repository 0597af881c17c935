package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.web.LargeAnswers;
import io.myelin.clientsync.web.RoomReadController;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RoomReadsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");

    private JsonObject messages(UserId user, @Nullable String from, boolean backward, int limit) {
        return messages(user, from, backward, limit, EventFilter.ALL);
    }

    private JsonObject messages(UserId user, @Nullable String from, boolean backward, int limit, EventFilter filter) {
        var request = new Messages.Request(session(user), kitchen.id(), from, null, backward, limit, filter);
        return JsonParser.parseObject(server.messages.read(request).toBytes());
    }

    private static List<String> chunk(JsonObject page) {
        return ids(objects(page.array("chunk").orElse(JsonArray.EMPTY)));
    }

    private static void assertForbidden(ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(403));
    }

    private static void assertNotFound(ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(404));
    }

    @Nested
    class EditedMessages {
        private @Nullable String edit(EventId id) {
            JsonObject event = JsonParser.parseObject(server.events.event(session(ALICE), kitchen.id(), id));
            return event.object("unsigned")
                    .flatMap(unsigned -> unsigned.object("m.relations"))
                    .flatMap(relations -> relations.object("m.replace"))
                    .flatMap(edit -> edit.string("event_id"))
                    .orElse(null);
        }

        @Test
        void comeWithTheirNewestEdit() {
            EventId said = kitchen.say(ALICE, "helo");
            kitchen.edit(ALICE, said, "hullo");
            EventId newest = kitchen.edit(ALICE, said, "hello");
            assertThat(edit(said)).isEqualTo(newest.value());
            JsonObject shown = objects(
                            messages(ALICE, null, true, 10).array("chunk").orElseThrow())
                    .get(2);
            assertThat(shown.toString()).contains("m.relations").contains(newest.value());
        }

        @Test
        void comeWithItAlsoFromLongAgo() {
            EventId said = kitchen.say(ALICE, "helo");
            EventId edit = kitchen.edit(ALICE, said, "hello");
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            assertThat(edit(said)).isEqualTo(edit.value());
        }

        @Test
        void areNotEditedByOthers() {
            kitchen.join(BOB);
            EventId said = kitchen.say(ALICE, "hello");
            kitchen.edit(BOB, said, "goodbye");
            assertThat(edit(said)).isNull();
        }

        @Test
        void loseAnEditThatIsRedacted() {
            EventId said = kitchen.say(ALICE, "hello");
            EventId kept = kitchen.edit(ALICE, said, "hello!");
            kitchen.redact(ALICE, kitchen.edit(ALICE, said, "oops"));
            assertThat(edit(said)).isEqualTo(kept.value());
        }

        @Test
        void thatAreRedactedHaveNoEdit() {
            EventId said = kitchen.say(ALICE, "hello");
            kitchen.edit(ALICE, said, "hello!");
            kitchen.redact(ALICE, said);
            assertThat(edit(said)).isNull();
        }
    }

    @Nested
    class MessagesPages {
        @Test
        void goBackToTheBeginning() {
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            JsonObject page = messages(ALICE, null, true, 100);
            assertThat(chunk(page)).hasSize(100);
            JsonObject rest = messages(ALICE, page.string("end").orElseThrow(), true, 100);
            assertThat(chunk(rest)).hasSize(52);
            assertThat(messages(ALICE, rest.string("end").orElseThrow(), true, 100)
                            .has("end"))
                    .isFalse();
        }

        @Test
        void goForward() {
            kitchen.say(ALICE, "one");
            JsonObject page = messages(ALICE, null, false, 2);
            assertThat(chunk(page)).hasSize(2);
            assertThat(chunk(messages(ALICE, page.string("end").orElseThrow(), false, 2)))
                    .hasSize(1);
        }

        @Test
        void sayWhereLaterOnesWillFollow() {
            kitchen.say(ALICE, "one");
            JsonObject page = messages(ALICE, null, false, 10);
            EventId later = kitchen.say(ALICE, "later");
            assertThat(chunk(messages(ALICE, page.string("end").orElseThrow(), false, 10)))
                    .containsExactly(later.value());
        }

        @Test
        void beginAtATokenOfSync() {
            SyncingClient alice = server.client(ALICE);
            alice.sync();
            EventId later = kitchen.say(ALICE, "later");
            assertThat(chunk(messages(ALICE, alice.token(), false, 5))).containsExactly(later.value());
            assertThat(chunk(messages(ALICE, alice.token(), true, 5)))
                    .hasSize(2)
                    .doesNotContain(later.value());
        }

        @Test
        void skipWhatAFilterKeepsBack() {
            EventId old = kitchen.say(ALICE, "old");
            for (int i = 0; i < 30; i++) {
                kitchen.state(ALICE, "org.example", "", "{\"i\":" + i + "}");
            }
            var filter = EventFilter.parse(
                    JsonParser.parseObject("{\"types\":[\"m.room.message\"]}".getBytes(StandardCharsets.UTF_8)));
            assertThat(chunk(messages(ALICE, null, true, 3, filter))).containsExactly(old.value());
        }

        @Test
        void bringTheSendersOfWhatTheyShow() {
            kitchen.join(BOB);
            kitchen.join(CAROL);
            kitchen.say(BOB, "hello");
            var lazy = Filters.ofRoomEvents("{\"lazy_load_members\":true}");
            JsonObject page = messages(ALICE, null, true, 1, lazy);
            assertThat(SyncingClient.places(objects(page.array("state").orElseThrow())))
                    .containsExactly("m.room.member @bob:test");
        }

        @Test
        void endWhereSomebodyLeft() {
            kitchen.join(BOB);
            EventId leave = kitchen.leave(BOB);
            kitchen.say(ALICE, "secret");
            assertThat(chunk(messages(BOB, null, true, 1))).containsExactly(leave.value());
            assertThat(chunk(messages(BOB, server.client(ALICE).token(), false, 50)))
                    .hasSize(4)
                    .endsWith(leave.value());
        }

        @Test
        void areForbiddenToStrangersAndToWhoeverForgotTheRoom() {
            kitchen.join(BOB);
            kitchen.leave(BOB);
            server.forget(kitchen.id(), BOB);
            assertForbidden(() -> messages(BOB, null, true, 1));
            assertForbidden(() -> messages(CAROL, null, true, 1));
        }

        @Test
        void areForbiddenBeforeAnythingIsSaidOfTheRequest() {
            var controller = new RoomReadController(
                    server.joinedRooms,
                    server.states,
                    server.messages,
                    server.events,
                    new LargeAnswers(() -> 1, () -> 1, Duration.ZERO, server.memory));
            assertForbidden(() -> controller.messages(session(CAROL), kitchen.id(), null, null, null, 10, null));
            assertThatThrownBy(() -> controller.messages(session(ALICE), kitchen.id(), null, null, null, 10, null))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(400));
        }

        @Test
        void leaveInPartsAndTakeATurnIfTheyAreLarge() {
            for (int i = 0; i < 5; i++) {
                kitchen.say(ALICE, "x".repeat(60_000));
            }
            var controller = new RoomReadController(
                    server.joinedRooms,
                    server.states,
                    server.messages,
                    server.events,
                    new LargeAnswers(() -> 1, () -> 1, Duration.ZERO, server.memory));
            List<Integer> parts = new ArrayList<>();
            StreamedJson page = controller.messages(session(ALICE), kitchen.id(), "b", null, null, 10, null);

            page.writeTo(new JsonWriter(2_048, 65_536, (_, length) -> parts.add(length)));
            assertThat(parts).hasSizeGreaterThan(1);
            page.turn();
            assertThatThrownBy(page::turn)
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));
        }

        @Test
        void areForbiddenToWhoeverIsOnlyInvited() {
            kitchen.invite(ALICE, BOB);
            assertForbidden(() -> messages(BOB, null, true, 1));
        }

        @Test
        void showStrangersWhatWasWorldReadable() {
            EventId before = kitchen.say(ALICE, "before");
            kitchen.visibility("world_readable");
            EventId after = kitchen.say(ALICE, "after");
            assertThat(chunk(messages(CAROL, null, true, 50)))
                    .contains(after.value())
                    .doesNotContain(before.value());
        }

        @Test
        void hideWhatWasSaidBeforeAJoinWhileHistoryWasForMembers() {
            kitchen.visibility("joined");
            EventId secret = kitchen.say(ALICE, "secret");
            EventId join = kitchen.join(BOB);
            assertThat(chunk(messages(BOB, null, true, 50)))
                    .startsWith(join.value())
                    .doesNotContain(secret.value());
        }
    }

    @Nested
    class SingleEvents {
        @Test
        void areRead() {
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject event = JsonParser.parseObject(server.events.event(session(ALICE), kitchen.id(), hello));
            assertThat(event.string("room_id")).contains(kitchen.id().value());
            assertThat(event.object("content").orElseThrow()).isEqualTo(JsonObject.of("body", "hello"));
        }

        @Test
        void areNotFoundIfTheyDoNotExistOrMayNotBeSeen() {
            kitchen.visibility("joined");
            EventId secret = kitchen.say(ALICE, "secret");
            kitchen.join(BOB);
            assertNotFound(() -> server.events.event(session(BOB), kitchen.id(), secret));
            assertNotFound(() -> server.events.event(session(ALICE), kitchen.id(), new EventId("$nothing")));
        }

        @Test
        void areNotFoundByStrangers() {
            EventId hello = kitchen.say(ALICE, "hello");
            assertNotFound(() -> server.events.event(session(CAROL), kitchen.id(), hello));
            assertNotFound(() -> server.events.event(session(CAROL), new RoomId("!no:test"), hello));
        }

        @Test
        void haveAContext() {
            EventId one = kitchen.say(ALICE, "one");
            EventId two = kitchen.say(ALICE, "two");
            EventId three = kitchen.say(ALICE, "three");
            JsonObject context = JsonParser.parseObject(server.events
                    .context(session(ALICE), kitchen.id(), two, 2, EventFilter.ALL)
                    .toBytes());
            assertThat(ids(objects(context.array("events_before").orElseThrow())))
                    .containsExactly(one.value());
            assertThat(ids(objects(context.array("events_after").orElseThrow())))
                    .containsExactly(three.value());
            assertThat(objects(context.array("state").orElseThrow())).hasSize(2);
            assertThat(chunk(messages(ALICE, context.string("start").orElseThrow(), true, 1)))
                    .isNotEqualTo(List.of(one.value()));
        }
    }

    @Nested
    class State {
        private JsonObject name(UserId user) {
            return JsonParser.parseObject(server.states.one(session(user), kitchen.id(), "m.room.name", "", false));
        }

        @Test
        void isWhatItIsNowForMembers() {
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"one\"}");
            assertThat(name(ALICE)).isEqualTo(JsonObject.of("name", "one"));
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"two\"}");
            assertThat(name(ALICE)).isEqualTo(JsonObject.of("name", "two"));
        }

        @Test
        void isWhatItWasForWhoeverLeft() {
            kitchen.join(BOB);
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"then\"}");
            kitchen.leave(BOB);
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"now\"}");
            assertThat(name(BOB)).isEqualTo(JsonObject.of("name", "then"));
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            assertThat(name(BOB)).isEqualTo(JsonObject.of("name", "then"));
        }

        @Test
        void isNotFoundIfThereIsNoneAndForbiddenToStrangers() {
            assertNotFound(() -> name(ALICE));
            assertForbidden(() -> name(CAROL));
        }

        @Test
        void canBeReadAsAWholeEvent() {
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"one\"}");
            JsonObject event =
                    JsonParser.parseObject(server.states.one(session(ALICE), kitchen.id(), "m.room.name", "", true));
            assertThat(event.string("sender")).contains(ALICE.value());
        }

        @Test
        void hasMembersByMembershipAndAtATime() {
            SyncingClient alice = server.client(ALICE);
            alice.sync();
            kitchen.join(BOB);
            kitchen.invite(ALICE, CAROL);
            assertThat(members(null, "join", null)).hasSize(2);
            assertThat(members(null, null, "join")).hasSize(1);
            assertThat(members(alice.token(), null, null)).hasSize(1);
        }

        private List<JsonObject> members(
                @Nullable String at, @Nullable String membership, @Nullable String notMembership) {
            byte[] body = server.states
                    .members(session(ALICE), kitchen.id(), at, membership, notMembership)
                    .toBytes();
            return objects(JsonParser.parseObject(body).array("chunk").orElseThrow());
        }

        @Test
        void namesTheJoinedMembersToMembersOnly() {
            kitchen.join(BOB);
            JsonObject joined = JsonParser.parseObject(
                    server.states.joinedMembers(session(BOB), kitchen.id()).toBytes());
            assertThat(joined.object("joined").orElseThrow().names()).containsExactly("@alice:test", "@bob:test");
            assertThat(joined.object("joined")
                            .orElseThrow()
                            .object("@bob:test")
                            .orElseThrow()
                            .names())
                    .containsExactlyInAnyOrder("display_name", "avatar_url");
            kitchen.leave(BOB);
            assertForbidden(() -> server.states.joinedMembers(session(BOB), kitchen.id()));
        }

        @Test
        void ofAMemberWhoIsRedactedStaysAMember() {
            EventId join = kitchen.join(BOB);
            kitchen.redact(ALICE, join);
            assertThat(server.joinedRooms.of(BOB)).containsExactly(kitchen.id());
        }
    }
}
