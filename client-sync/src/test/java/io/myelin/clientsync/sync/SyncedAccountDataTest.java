package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.places;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncedAccountDataTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    @Test
    void isToldWhenItChanges() {
        alice.sync();
        server.accountData(ALICE, null, "org.example", "{\"a\":1}");
        server.accountData(ALICE, kitchen.id(), "m.tag", "{\"tags\":{\"u.x\":{}}}");
        JsonObject answer = alice.sync();
        assertThat(places(events(answer, "account_data"))).containsExactly("org.example -");
        assertThat(places(events(room(answer, "join", kitchen.id()), "account_data")))
                .containsExactly("m.tag -");
        assertThat(events(alice.sync(), "account_data")).isEmpty();
    }

    @Test
    void hasTheRulesThatEverybodyBeginsWith() {
        List<JsonObject> told = events(alice.sync(), "account_data");
        assertThat(places(told)).containsExactly("m.push_rules -");
        assertThat(in(told.getFirst(), "content", "global", "override")).isNotNull();
        assertThat(told.getFirst().toString()).contains("\"@alice:test\"").doesNotContain("[user]");
        assertThat(events(alice.sync(), "account_data")).isEmpty();
    }

    @Test
    void hasTheUsersOwnRulesInstead() {
        server.accountData(ALICE, null, "m.push_rules", "{\"global\":{}}");
        List<JsonObject> told = events(alice.sync(), "account_data");
        assertThat(told).hasSize(1);
        assertThat(in(told.getFirst(), "content", "global")).isEqualTo(JsonObject.EMPTY);
    }

    @Test
    void comesWithARoomThatWasJustJoined() {
        server.accountData(BOB, kitchen.id(), "m.tag", "{\"tags\":{}}");
        bob.sync();
        kitchen.join(BOB);
        assertThat(events(room(bob.sync(), "join", kitchen.id()), "account_data"))
                .hasSize(1);
    }
}
