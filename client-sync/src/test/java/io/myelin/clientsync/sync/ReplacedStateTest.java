package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A room of another server, whose state has come from there and is not in the log. */
class ReplacedStateTest {
    private static final String NAME = "m.room.name";
    private static final String TOPIC = "m.room.topic";
    private static final UserId DORA = new UserId("@dora:elsewhere");

    private final Server server = new Server();
    private final Room harbour = server.roomElsewhere("harbour");
    private final SyncingClient bob = server.client(BOB);

    private EventId create;
    private EventId dora;
    private EventId named;
    private EventId joined;

    @BeforeEach
    void bobJoins() {
        bob.sync();
        create = harbour.keep(DORA, "m.room.create", "", "{\"room_version\":\"11\"}");
        dora = harbour.keep(DORA, "m.room.member", DORA.value(), "{\"membership\":\"join\"}");
        named = harbour.keep(DORA, NAME, "", "{\"name\":\"Harbour\"}");
        harbour.replace(create, dora, named);
        joined = harbour.join(BOB);
    }

    private JsonObject harbour(SyncingClient client) {
        return room(client.sync(), "join", harbour.id());
    }

    @Test
    void isToldWithAllOfItsStateAndNothingFromBeforeTheJoin() {
        JsonObject told = harbour(bob);
        assertThat(ids(events(told, "timeline"))).containsExactly(joined.value());
        assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
        assertThat(told.object("timeline").orElseThrow().string("prev_batch")).isPresent();
        assertThat(ids(events(told, "state"))).containsExactlyInAnyOrder(create.value(), dora.value(), named.value());
        assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(2));
    }

    @Test
    void isToldToAClientThatBegins() {
        JsonObject told = harbour(server.client(BOB).usingStateAfter());
        assertThat(ids(events(told, "state_after")))
                .containsExactlyInAnyOrder(create.value(), dora.value(), named.value(), joined.value());
    }

    @Test
    void goesOnLikeAnyOtherRoom() {
        bob.sync();
        int asked = server.rooms.asked;
        EventId renamed = harbour.state(DORA, NAME, "", "{\"name\":\"Port\"}");
        EventId hello = harbour.say(DORA, "hello");
        JsonObject told = harbour(bob);
        assertThat(ids(events(told, "timeline"))).containsExactly(renamed.value(), hello.value());
        assertThat(events(told, "state")).isEmpty();
        assertThat(server.rooms.asked).isEqualTo(asked);
        assertThat(ids(events(room(bob.syncFullState(), "join", harbour.id()), "state")))
                .contains(renamed.value())
                .doesNotContain(named.value());
    }

    @Test
    void isToldByAReaderThatWasNotThere() {
        server.restart(1);
        assertThat(ids(events(harbour(bob), "state")))
                .containsExactlyInAnyOrder(create.value(), dora.value(), named.value());
    }

    @Test
    void tellsAnotherUserWhoJoinsLaterAllOfIt() {
        SyncingClient carol = server.client(CAROL);
        carol.sync();
        harbour.join(CAROL);
        JsonObject told = harbour(carol);
        assertThat(ids(events(told, "state"))).containsExactlyInAnyOrder(create.value(), dora.value(), named.value());
        assertThat(ids(events(told, "timeline"))).contains(joined.value());
    }

    @Test
    void bringsAUserOfOursWhomItHasAsJoined() {
        SyncingClient alice = server.client(ALICE);
        alice.sync();
        Room quay = server.roomElsewhere("quay");
        EventId created = quay.keep(DORA, "m.room.create", "", "{\"room_version\":\"11\"}");
        EventId there = quay.keep(ALICE, "m.room.member", ALICE.value(), "{\"membership\":\"join\"}");
        quay.replace(created, there);
        quay.resolve(there);
        quay.join(BOB);
        assertThat(ids(events(room(alice.sync(), "join", quay.id()), "state")))
                .containsExactlyInAnyOrder(created.value(), there.value());
    }

    @Nested
    class WhereNobodyOfOursWasForAWhile {
        private EventId left;
        private EventId topic;
        private EventId again;

        @BeforeEach
        void bobLeavesAndComesBack() {
            bob.sync();
            left = harbour.leave(BOB);
            bob.sync();
            topic = harbour.keep(DORA, TOPIC, "", "{\"topic\":\"ships\"}");
            harbour.replace(create, dora, topic, left);
            again = harbour.join(BOB);
        }

        @Test
        void theStateIsTheNewOneAlone() {
            JsonObject told = harbour(bob);
            assertThat(ids(events(told, "state")))
                    .contains(create.value(), dora.value(), topic.value())
                    .doesNotContain(named.value());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(ids(events(told, "timeline"))).endsWith(again.value());
            assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(2));
        }

        @Test
        void whoIsNotInItIsToldOfItAsItWas() {
            EventId gone = harbour.leave(BOB);
            JsonObject answer = bob.sync();
            assertThat(timelineIds(answer, "leave", harbour)).contains(gone.value());
        }
    }
}
