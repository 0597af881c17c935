package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.places;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class LazyMembersTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    private static final String LAZY = "{\"room\":{\"state\":{\"lazy_load_members\":true}}}";

    @Test
    void areThoseWhoSpokeAndOneself() {
        kitchen.join(BOB);
        kitchen.join(CAROL);
        kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
        for (int i = 0; i < 12; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        JsonObject told = room(bob.filter(LAZY).sync(), "join", kitchen.id());
        assertThat(places(events(told, "state")))
                .containsExactly(
                        "m.room.create ", "m.room.member @alice:test", "m.room.member @bob:test", "m.room.name ");
    }

    @Test
    void areSentOnce() {
        kitchen.join(BOB);
        alice.filter(LAZY + " ").sync();
        for (int i = 0; i < 12; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        bob.filter(LAZY).sync();
        kitchen.say(ALICE, "again");
        assertThat(events(room(bob.sync(), "join", kitchen.id()), "state")).isEmpty();
    }

    @Test
    void areRememberedWhenAnAnswerToldNothing() {
        kitchen.join(BOB);
        for (int i = 0; i < 12; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        bob.filter(LAZY).sync();
        for (int i = 0; i < 4; i++) {
            server.room("elsewhere" + i);
        }
        String before = bob.token();
        bob.sync();
        assertThat(bob.token()).isNotEqualTo(before);
        kitchen.say(ALICE, "again");
        assertThat(events(room(bob.sync(), "join", kitchen.id()), "state")).isEmpty();
    }

    @Test
    void areSentAgainToWhoeverRepeatsARequestWhoseAnswerWasLost() {
        kitchen.join(CAROL);
        kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
        kitchen.join(BOB);
        for (int i = 0; i < 12; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        bob.filter(LAZY).sync();
        String before = bob.token();
        kitchen.say(CAROL, "hello");
        List<String> first = places(events(room(bob.sync(), "join", kitchen.id()), "state"));
        bob.goBackTo(before);
        List<String> second = places(events(room(bob.sync(), "join", kitchen.id()), "state"));
        assertThat(first).containsExactly("m.room.member @carol:test").isEqualTo(second);
        kitchen.say(CAROL, "again");
        assertThat(events(room(bob.sync(), "join", kitchen.id()), "state")).isEmpty();
    }
}
