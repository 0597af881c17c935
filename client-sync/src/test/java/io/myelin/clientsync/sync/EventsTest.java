package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    @Test
    void bearTheirTransactionForTheDeviceThatSentThem() {
        kitchen.join(BOB);
        alice.sync();
        bob.sync();
        kitchen.say(ALICE, "hello", "txn1");
        JsonObject mine =
                events(room(alice.sync(), "join", kitchen.id()), "timeline").getFirst();
        JsonObject theirs =
                events(room(bob.sync(), "join", kitchen.id()), "timeline").getFirst();
        assertThat(in(mine, "unsigned", "transaction_id")).isEqualTo(Json.of("txn1"));
        assertThat(theirs.object("unsigned").orElseThrow().has("transaction_id"))
                .isFalse();
        assertThat(in(theirs, "unsigned", "membership")).isEqualTo(Json.of("join"));
    }

    @Test
    void areWhatARedactionLeft() {
        EventId regretted = kitchen.say(ALICE, "regretted");
        alice.sync();
        EventId redaction = kitchen.redact(ALICE, regretted);
        JsonObject told = room(server.client(ALICE).sync(), "join", kitchen.id());
        JsonObject event = events(told, "timeline").get(2);
        assertThat(in(event, "content")).isEqualTo(JsonObject.EMPTY);
        assertThat(in(event, "unsigned", "redacted_because", "event_id")).isEqualTo(Json.of(redaction.value()));
        assertThat(in(events(told, "timeline").get(3), "redacts")).isEqualTo(Json.of(regretted.value()));
    }

    @Test
    void tellOfARedactionWhatARedactionLeftOfIt() {
        EventId name = kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"regretted\"}");
        EventId redaction = kitchen.redact(ALICE, name, "an insult");
        assertThat(server.client(ALICE).sync().toString()).contains("an insult");
        kitchen.redact(ALICE, redaction);

        assertThat(server.client(ALICE).sync().toString())
                .contains("redacted_because")
                .doesNotContain("an insult");
        for (int i = 0; i < 150; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        assertThat(server.client(ALICE).sync().toString())
                .contains("redacted_because")
                .doesNotContain("an insult");
    }

    @Test
    void ofLongAgoTellOfTheirRedactionWhatARedactionLeftOfIt() {
        EventId name = kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"regretted\"}");
        EventId redaction = kitchen.redact(ALICE, name, "an insult");
        for (int i = 0; i < 150; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        assertThat(server.client(ALICE).sync().toString()).contains("an insult");
        kitchen.redact(ALICE, redaction);

        assertThat(server.client(ALICE).sync().toString())
                .contains("redacted_because")
                .doesNotContain("an insult");
    }

    @Test
    void areWhatIsLeftIfTheirRedactionWasHereBefore() {
        alice.sync();
        EventId redaction = kitchen.redactEarly(ALICE);
        alice.sync();
        kitchen.comesRedacted(redaction, ALICE, "m.room.message", null, "{\"body\":\"regretted\"}");
        kitchen.comesRedacted(redaction, ALICE, "m.room.name", "", "{\"name\":\"regretted\"}");
        JsonObject told = room(alice.sync(), "join", kitchen.id());
        assertThat(told.toString()).doesNotContain("regretted");
        assertThat(events(told, "timeline")).hasSize(2).allSatisfy(event -> {
            assertThat(in(event, "content")).isEqualTo(JsonObject.EMPTY);
            assertThat(in(event, "unsigned", "redacted_because", "event_id")).isEqualTo(Json.of(redaction.value()));
            assertThat(in(event, "unsigned", "redacted_because", "sender")).isEqualTo(Json.of(ALICE.value()));
        });
        server.restart(1);
        assertThat(server.client(ALICE).sync().toString()).doesNotContain("regretted");
    }

    @Test
    void nameWhatTheyReplaced() {
        EventId first = kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"one\"}");
        alice.sync();
        kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"two\"}");
        JsonObject event =
                events(room(alice.sync(), "join", kitchen.id()), "timeline").getFirst();
        assertThat(in(event, "unsigned", "prev_content", "name")).isEqualTo(Json.of("one"));
        assertThat(in(event, "unsigned", "replaces_state")).isEqualTo(Json.of(first.value()));
    }

    @Test
    void haveOnlyTheFieldsThatWereAskedFor() {
        kitchen.say(ALICE, "hello");
        alice.filter("{\"event_fields\":[\"content.body\",\"sender\"]}");
        JsonObject event =
                events(room(alice.sync(), "join", kitchen.id()), "timeline").getLast();
        assertThat(event.names()).containsExactly("content", "sender");
    }

    @Test
    void areAsServersExchangeThemIfAskedFor() {
        EventId hello = kitchen.say(ALICE, "hello");
        JsonObject answer = alice.filter("{\"event_format\":\"federation\"}").sync();
        JsonObject event =
                events(room(answer, "join", kitchen.id()), "timeline").get(2);
        assertThat(event.names()).contains("room_id", "auth_events", "prev_events", "depth", "unsigned");
        assertThat(event.string("event_id")).contains(hello.value());
    }

    @Test
    void ofIgnoredUsersAreLeftOut() {
        kitchen.join(BOB);
        alice.sync();
        server.accountData(ALICE, null, "m.ignored_user_list", "{\"ignored_users\":{\"@bob:test\":{}}}");
        kitchen.say(BOB, "spam");
        EventId ham = kitchen.say(ALICE, "ham");
        assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(ham.value());
    }
}
