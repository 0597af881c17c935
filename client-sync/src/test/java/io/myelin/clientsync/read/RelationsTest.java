package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Client-server API, "Relationships between events". */
class RelationsTest {
    private static final String THREAD = "m.thread";
    private static final String REFERENCE = "m.reference";

    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");

    @BeforeEach
    void bobIsThere() {
        kitchen.join(BOB);
    }

    private JsonObject event(UserId user, EventId id) {
        return JsonParser.parseObject(server.events.event(session(user), kitchen.id(), id), JsonRules.LENIENT);
    }

    private static JsonObject relations(JsonObject event) {
        return event.object("unsigned")
                .flatMap(unsigned -> unsigned.object("m.relations"))
                .orElse(JsonObject.EMPTY);
    }

    private static JsonObject thread(JsonObject event) {
        return relations(event).object(THREAD).orElse(JsonObject.EMPTY);
    }

    private static @Nullable String latest(JsonObject event) {
        return thread(event)
                .object("latest_event")
                .flatMap(latest -> latest.string("event_id"))
                .orElse(null);
    }

    private static List<String> references(JsonObject event) {
        return ids(objects(relations(event)
                .object(REFERENCE)
                .flatMap(reference -> reference.array("chunk"))
                .orElse(JsonArray.EMPTY)));
    }

    /** So many messages that the window no longer has what was before. */
    private void timePasses() {
        for (int i = 0; i < 150; i++) {
            kitchen.say(ALICE, "message " + i);
        }
    }

    private JsonObject synced(UserId user, EventId id) {
        return events(room(server.client(user).sync(), "join", kitchen.id()), "timeline").stream()
                .filter(event ->
                        event.string("event_id").filter(id.value()::equals).isPresent())
                .findAny()
                .orElseThrow();
    }

    @Nested
    class Bundled {
        @Test
        void aThreadIsSummedUpInEveryPlace() {
            EventId root = kitchen.say(ALICE, "hello");
            kitchen.relate(BOB, root, THREAD);
            EventId last = kitchen.relate(ALICE, root, THREAD);

            for (JsonObject shown : List.of(event(BOB, root), synced(BOB, root))) {
                assertThat(thread(shown).integer("count")).hasValue(2L);
                assertThat(latest(shown)).isEqualTo(last.value());
                assertThat(thread(shown).bool("current_user_participated")).hasValue(true);
            }
            assertThat(thread(event(ALICE, root)).bool("current_user_participated"))
                    .hasValue(true);
            kitchen.join(CAROL);
            assertThat(thread(event(CAROL, root)).bool("current_user_participated"))
                    .hasValue(false);
        }

        @Test
        void soIsOneFromLongAgoByOneQuestion() {
            EventId root = kitchen.say(ALICE, "hello");
            kitchen.relate(BOB, root, THREAD);
            EventId last = kitchen.relate(ALICE, root, THREAD);
            timePasses();
            event(BOB, root);
            int before = server.rooms.asked;
            JsonObject shown = event(BOB, root);
            assertThat(thread(shown).integer("count")).hasValue(2L);
            assertThat(latest(shown)).isEqualTo(last.value());
            assertThat(server.rooms.asked - before).isLessThanOrEqualTo(2);
        }

        @Test
        void theNewestEventOfAThreadHasItsEdit() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId reply = kitchen.relate(BOB, root, THREAD);
            EventId edit = kitchen.edit(BOB, reply, "better");
            assertThat(thread(event(ALICE, root))
                            .object("latest_event")
                            .map(RelationsTest::relations)
                            .flatMap(relations -> relations.object("m.replace"))
                            .flatMap(newest -> newest.string("event_id")))
                    .hasValue(edit.value());
        }

        @Test
        void theNewestEventOfAThreadHasItsReferences() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId reply = kitchen.relate(BOB, root, THREAD);
            EventId reference = kitchen.relate(ALICE, reply, REFERENCE);
            for (JsonObject shown : List.of(event(ALICE, root), synced(ALICE, root))) {
                assertThat(references(thread(shown).object("latest_event").orElseThrow()))
                        .containsExactly(reference.value());
            }
        }

        @Test
        void aRedactedEventLeavesItsThread() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId first = kitchen.relate(BOB, root, THREAD);
            kitchen.redact(BOB, kitchen.relate(BOB, root, THREAD));
            assertThat(latest(synced(BOB, root))).isEqualTo(first.value());
            assertThat(thread(event(ALICE, root)).integer("count")).hasValue(1L);
            kitchen.redact(BOB, first);
            assertThat(relations(event(ALICE, root))).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void aRedactedRootKeepsItsThread() {
            EventId root = kitchen.say(ALICE, "hello");
            kitchen.relate(BOB, root, THREAD);
            kitchen.redact(ALICE, root);
            assertThat(thread(event(ALICE, root)).integer("count")).hasValue(1L);
        }

        @Test
        void referencesAreListed() {
            EventId poll = kitchen.say(ALICE, "tea?");
            EventId yes = kitchen.relate(BOB, poll, REFERENCE);
            EventId no = kitchen.relate(ALICE, poll, REFERENCE);
            assertThat(references(event(ALICE, poll))).containsExactly(yes.value(), no.value());
            timePasses();
            assertThat(references(event(ALICE, poll))).containsExactly(yes.value(), no.value());
        }

        @Test
        void reactionsAreNot() {
            EventId said = kitchen.say(ALICE, "hello");
            kitchen.relate(BOB, said, "m.annotation", "m.reaction");
            assertThat(relations(event(ALICE, said))).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void editsAndReactionsHaveNoneOfTheirOwn() {
            EventId said = kitchen.say(ALICE, "hello");
            EventId edit = kitchen.edit(ALICE, said, "hi");
            EventId reaction = kitchen.relate(BOB, said, "m.annotation", "m.reaction");
            kitchen.relate(BOB, edit, THREAD);
            kitchen.relate(BOB, reaction, THREAD);
            assertThat(relations(event(ALICE, edit))).isEqualTo(JsonObject.EMPTY);
            assertThat(relations(event(ALICE, reaction))).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void anEventInAThreadIsNoRoot() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId reply = kitchen.relate(BOB, root, THREAD);
            kitchen.relate(BOB, reply, THREAD);
            assertThat(relations(event(ALICE, reply))).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void stateEventsAreInNoBundle() {
            EventId root = kitchen.say(ALICE, "hello");
            kitchen.state(ALICE, "m.room.topic", "", Room.relation(root, THREAD, "topic"));
            kitchen.state(ALICE, "m.room.name", "", Room.relation(root, REFERENCE, "name"));
            assertThat(relations(event(ALICE, root))).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void ignoredUsersAreNotInThem() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId mine = kitchen.relate(ALICE, root, THREAD);
            kitchen.relate(BOB, root, THREAD);
            kitchen.relate(BOB, root, REFERENCE);
            server.ignore(ALICE, BOB);
            for (JsonObject shown : List.of(event(ALICE, root), synced(ALICE, root))) {
                assertThat(thread(shown).integer("count")).hasValue(1L);
                assertThat(latest(shown)).isEqualTo(mine.value());
                assertThat(references(shown)).isEmpty();
            }
            timePasses();
            assertThat(thread(event(ALICE, root)).integer("count")).hasValue(1L);
            assertThat(latest(event(ALICE, root))).isEqualTo(mine.value());
        }

        @Test
        void whatTheViewerMayNotSeeIsNotInThem() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId seen = kitchen.relate(ALICE, root, THREAD);
            kitchen.leave(BOB);
            kitchen.visibility("joined");
            kitchen.relate(ALICE, root, THREAD);
            kitchen.relate(ALICE, root, REFERENCE);
            kitchen.edit(ALICE, root, "secret");
            kitchen.join(BOB);
            assertThat(latest(event(BOB, root))).isEqualTo(seen.value());
            assertThat(references(event(BOB, root))).isEmpty();
            assertThat(relations(event(BOB, root)).has("m.replace")).isFalse();
        }

        @Test
        void whoHasLeftSeesNothingThatCameLater() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId seen = kitchen.relate(ALICE, root, THREAD);
            kitchen.leave(BOB);
            kitchen.relate(ALICE, root, THREAD);
            assertThat(latest(event(BOB, root))).isEqualTo(seen.value());
            assertThat(thread(event(BOB, root)).integer("count")).hasValue(1L);
        }

        @Test
        void anOwnerOfTheReleaseBeforeStillTellsEdits() {
            EventId root = kitchen.say(ALICE, "helo");
            EventId edit = kitchen.edit(ALICE, root, "hello");
            kitchen.relate(ALICE, root, THREAD);
            timePasses();
            server.rooms.ofTheReleaseBefore = true;
            JsonObject shown = event(BOB, root);
            assertThat(relations(shown).object("m.replace").flatMap(newest -> newest.string("event_id")))
                    .hasValue(edit.value());
        }
    }

    @Nested
    class Listed {
        private JsonObject list(
                UserId user, EventId id, @Nullable String relType, @Nullable String from, boolean backward, int limit) {
            return list(user, id, relType, from, backward, limit, null);
        }

        private JsonObject list(
                UserId user,
                EventId id,
                @Nullable String relType,
                @Nullable String from,
                boolean backward,
                int limit,
                @Nullable Boolean recurse) {
            return JsonParser.parseObject(
                    server.relations
                            .relations(new RelationReads.Request(
                                    session(user),
                                    kitchen.id(),
                                    id,
                                    relType,
                                    null,
                                    from,
                                    null,
                                    backward,
                                    limit,
                                    recurse))
                            .toBytes(),
                    JsonRules.LENIENT);
        }

        private static List<String> chunk(JsonObject page) {
            return ids(objects(page.array("chunk").orElseThrow()));
        }

        @Test
        void pageByPageInBothDirections() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId one = kitchen.relate(BOB, root, THREAD);
            EventId two = kitchen.relate(BOB, root, REFERENCE);
            EventId three = kitchen.relate(BOB, root, THREAD);
            JsonObject page = list(ALICE, root, null, null, true, 2);
            assertThat(chunk(page)).containsExactly(three.value(), two.value());
            assertThat(page.has("prev_batch")).isFalse();
            JsonObject rest = list(ALICE, root, null, page.string("next_batch").orElseThrow(), true, 2);
            assertThat(chunk(rest)).containsExactly(one.value());
            assertThat(rest.has("next_batch")).isFalse();
            assertThat(chunk(list(ALICE, root, THREAD, null, false, 5))).containsExactly(one.value(), three.value());
        }

        @Test
        void alsoIndirectly() {
            EventId root = kitchen.say(ALICE, "hello");
            EventId reply = kitchen.relate(BOB, root, THREAD);
            EventId reaction = kitchen.relate(ALICE, reply, "m.annotation", "m.reaction");
            assertThat(chunk(list(ALICE, root, null, null, true, 5))).containsExactly(reply.value());
            JsonObject all = list(ALICE, root, null, null, true, 5, true);
            assertThat(chunk(all)).containsExactly(reaction.value(), reply.value());
            assertThat(all.integer("recursion_depth")).hasValue(3L);
        }

        @Test
        void alsoThoseOfAnIgnoredUsersMessage() {
            EventId root = kitchen.say(BOB, "insult");
            EventId reply = kitchen.relate(ALICE, root, THREAD);
            server.ignore(ALICE, BOB);
            assertThat(chunk(list(ALICE, root, THREAD, null, true, 5))).containsExactly(reply.value());
        }

        @Test
        void withoutWhatTheUserMayNotSee() {
            EventId root = kitchen.say(ALICE, "hello");
            kitchen.leave(BOB);
            EventId later = kitchen.relate(ALICE, root, THREAD);
            assertThat(chunk(list(BOB, root, null, null, true, 5))).isEmpty();
            assertThat(chunk(list(ALICE, root, null, null, true, 5))).containsExactly(later.value());
            assertThatThrownBy(() -> list(CAROL, root, null, null, true, 5))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(403));
            assertThatThrownBy(() -> list(BOB, later, null, null, true, 5))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(404));
        }
    }

    @Nested
    class Threads {
        private JsonObject threads(UserId user, boolean participated, @Nullable String from, int limit) {
            return JsonParser.parseObject(
                    server.relations
                            .threads(new RelationReads.ThreadsRequest(
                                    session(user), kitchen.id(), participated, from, limit))
                            .toBytes(),
                    JsonRules.LENIENT);
        }

        private static List<String> chunk(JsonObject page) {
            return ids(objects(page.array("chunk").orElseThrow()));
        }

        @Test
        void standInTheOrderOfTheirNewestEvents() {
            EventId one = kitchen.say(ALICE, "one");
            EventId two = kitchen.say(ALICE, "two");
            EventId three = kitchen.say(ALICE, "three");
            kitchen.relate(ALICE, three, THREAD);
            kitchen.relate(BOB, two, THREAD);
            kitchen.relate(ALICE, one, THREAD);
            JsonObject page = threads(BOB, false, null, 2);
            assertThat(chunk(page)).containsExactly(one.value(), two.value());
            JsonObject rest = threads(BOB, false, page.string("next_batch").orElseThrow(), 2);
            assertThat(chunk(rest)).containsExactly(three.value());
            assertThat(rest.has("next_batch")).isFalse();
            assertThat(chunk(threads(BOB, true, null, 5))).containsExactly(two.value());
        }

        @Test
        void ofAnIgnoredUserAreShownWithoutWhatTheySaid() {
            EventId root = kitchen.say(BOB, "insult");
            kitchen.relate(ALICE, root, THREAD);
            server.ignore(ALICE, BOB);
            JsonObject page = threads(ALICE, false, null, 5);
            assertThat(chunk(page)).containsExactly(root.value());
            assertThat(page.toString()).doesNotContain("insult");
        }

        @Test
        void areNotShownToStrangers() {
            assertThatThrownBy(() -> threads(CAROL, false, null, 5))
                    .isInstanceOfSatisfying(
                            MatrixException.class, e -> assertThat(e.status()).isEqualTo(403));
        }
    }
}
