package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Things that were shown once and must not be, path by path; {@code GeneratedVisibilityTest} has the rest. */
class HiddenThingsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");

    private String messages(UserId user) {
        byte[] page = server.messages
                .read(new Messages.Request(session(user), kitchen.id(), null, null, true, 50, EventFilter.ALL))
                .toBytes();
        return new String(page, StandardCharsets.UTF_8);
    }

    private String event(UserId user, EventId id) {
        return new String(server.events.event(session(user), kitchen.id(), id), StandardCharsets.UTF_8);
    }

    private String context(UserId user, EventId id) {
        return new String(
                server.events
                        .context(session(user), kitchen.id(), id, 10, EventFilter.ALL)
                        .toBytes(),
                StandardCharsets.UTF_8);
    }

    private String state(UserId user) {
        return new String(server.states.all(session(user), kitchen.id()).toBytes(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(int status, ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private EventId topic(String text) {
        return kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"" + text + "\"}");
    }

    @Test
    void membersOfATimeThatIsHiddenAreRefused() {
        kitchen.visibility("joined");
        kitchen.say(ALICE, "hidden");
        SyncingClient alice = server.client(ALICE);
        alice.sync();
        String then = Objects.requireNonNull(alice.token());
        kitchen.say(ALICE, "later");
        kitchen.join(BOB);
        assertRefused(403, () -> server.states.members(session(BOB), kitchen.id(), then, null, null));
        kitchen.visibility("world_readable");
        assertRefused(403, () -> server.states.members(session(CAROL), kitchen.id(), then, null, null));
        assertThat(server.states
                        .members(session(ALICE), kitchen.id(), then, null, null)
                        .toBytes())
                .isNotEmpty();
    }

    @Test
    void aTopicThatWasHiddenIsNotShownAsWhatAnotherReplaced() {
        kitchen.visibility("joined");
        topic("secret");
        kitchen.visibility("shared");
        EventId open = topic("open");
        kitchen.join(BOB);
        assertThat(messages(BOB)).contains("open").doesNotContain("secret");
        assertThat(event(BOB, open)).contains("open").doesNotContain("secret");
        assertThat(state(BOB)).doesNotContain("secret");
        assertThat(messages(ALICE)).contains("secret");
    }

    @Test
    void whoLeftIsNotToldWhyAnEventWasRedactedAfterThat() {
        kitchen.join(BOB);
        EventId said = kitchen.say(ALICE, "regretted");
        EventId topic = topic("regretted, too");
        EventId leave = kitchen.leave(BOB);
        kitchen.redact(ALICE, said, "an insult");
        kitchen.redact(ALICE, topic, "an insult");
        for (String shown : List.of(messages(BOB), event(BOB, said), context(BOB, leave), state(BOB))) {
            assertThat(shown).doesNotContain("regretted").doesNotContain("an insult");
        }
        assertThat(messages(ALICE)).contains("an insult");
    }

    @Test
    void aForgottenRoomIsThatOfAStranger() {
        kitchen.join(BOB);
        EventId said = kitchen.say(ALICE, "known");
        EventId leave = kitchen.leave(BOB);
        server.forget(kitchen.id(), BOB);
        assertRefused(404, () -> event(BOB, said));
        assertRefused(404, () -> event(BOB, leave));
        assertRefused(403, () -> context(BOB, said));
        kitchen.visibility("world_readable");
        EventId open = kitchen.say(ALICE, "open");
        assertThat(messages(BOB)).contains("open").doesNotContain("known");
        assertThat(event(BOB, open)).contains("open");
    }

    @Test
    void aFirstTimelineBringsNoStateThatItGoesOnToReplace() {
        SyncingClient bob = server.client(BOB);
        bob.sync();
        kitchen.visibility("joined");
        topic("secret");
        kitchen.visibility("shared");
        topic("open");
        kitchen.join(BOB);
        var told = room(bob.sync(), "join", kitchen.id());
        assertThat(events(told, "timeline").toString()).contains("m.room.create");
        assertThat(told.toString()).contains("open").doesNotContain("secret");
    }

    @Test
    void aFirstTimelineBringsTheStateThatItGoesOnToReplaceWhileItsReaderIsThere() {
        kitchen.visibility("joined");
        topic("old");
        kitchen.join(BOB);
        for (int i = 0; i < 9; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        topic("new");
        var told = room(server.client(BOB).sync(), "join", kitchen.id());
        assertThat(events(told, "timeline").toString()).contains("new");
        assertThat(events(told, "state").toString()).contains("old");
    }

    @Test
    void whatSharedStateReplacedIsShownThoughItIsOlderThanTheWindow() {
        kitchen.visibility("shared");
        topic("old");
        for (int i = 0; i < 50; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        EventId changed = topic("new");
        kitchen.join(BOB);
        for (int i = 0; i < 70; i++) {
            kitchen.say(ALICE, "later " + i);
        }
        SyncingClient bob = server.client(BOB).filter("{\"room\":{\"timeline\":{\"limit\":100}}}");
        assertThat(events(room(bob.sync(), "join", kitchen.id()), "timeline").toString())
                .contains(changed.value(), "old");
    }

    @Test
    void messagesOfIgnoredUsersAreLeftOutOfEveryRead() {
        kitchen.join(BOB);
        EventId before = kitchen.say(BOB, "hello");
        EventId said = kitchen.say(ALICE, "nonsense");
        EventId name = kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
        server.ignore(BOB, ALICE);
        assertThat(messages(BOB)).contains("hello", name.value()).doesNotContain("nonsense");
        assertThat(context(BOB, before)).contains("hello", name.value()).doesNotContain("nonsense");
        assertRefused(404, () -> event(BOB, said));
        assertRefused(404, () -> context(BOB, said));
        server.ignore(BOB);
        assertThat(messages(BOB)).contains("nonsense");
    }

    @Test
    void whoIgnoresThemselvesSeesTheirOwnMessages() {
        kitchen.join(BOB);
        kitchen.say(BOB, "hello");
        server.ignore(BOB, BOB, ALICE);
        assertThat(messages(BOB)).contains("hello");
        server.restart(1);
        assertThat(messages(BOB)).contains("hello");
    }

    @Test
    void whatTheErasedSaidIsShownInFullOnlyToWhoWasThere() {
        kitchen.join(BOB);
        EventId said = kitchen.say(BOB, "forget me");
        kitchen.join(CAROL);
        EventId later = kitchen.say(BOB, "heard by Carol");
        assertThat(messages(CAROL)).contains("forget me");
        server.erase(BOB);
        SyncingClient carol = server.client(CAROL);
        for (String shown :
                List.of(messages(CAROL), context(CAROL, later), carol.sync().toString())) {
            assertThat(shown).contains(said.value(), "heard by Carol").doesNotContain("forget me");
        }
        assertThat(event(CAROL, said)).doesNotContain("forget me");
        assertThat(messages(ALICE)).contains("forget me");
        server.restart(1);
        assertThat(messages(CAROL)).doesNotContain("forget me");
    }
}
