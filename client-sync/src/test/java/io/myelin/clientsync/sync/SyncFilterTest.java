package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.places;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.Test;

class SyncFilterTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);

    @Test
    void keepTypesBackAndTellTheirStateInstead() {
        alice.filter("{\"room\":{\"timeline\":{\"types\":[\"m.room.mess*\"]}}}").sync();
        kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"x\"}");
        EventId hello = kitchen.say(ALICE, "hello");
        JsonObject told = room(alice.sync(), "join", kitchen.id());
        assertThat(ids(events(told, "timeline"))).containsExactly(hello.value());
        assertThat(places(events(told, "state"))).containsExactly("m.room.name ");
    }

    @Test
    void keepRoomsBack() {
        alice.filter("{\"room\":{\"not_rooms\":[\"" + kitchen.id() + "\"]}}");
        assertThat(room(alice.sync(), "join", kitchen.id()).isEmpty()).isTrue();
    }

    @Test
    void canBeStored() {
        server.accounts.filters.put(
                "7", "{\"room\":{\"timeline\":{\"limit\":1}}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(timelineIds(alice.filter("7").sync(), "join", kitchen)).hasSize(1);
    }
}
