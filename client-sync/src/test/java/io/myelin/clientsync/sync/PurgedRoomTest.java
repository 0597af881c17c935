package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A purged room is for all users as if it had never been. */
class PurgedRoomTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    private static boolean tellsOf(JsonObject answer, Room room) {
        return List.of("join", "invite", "leave").stream()
                .anyMatch(section -> !room(answer, section, room.id()).isEmpty());
    }

    @Test
    void nobodysSyncHasIt() {
        kitchen.invite(ALICE, BOB);
        alice.sync();
        bob.sync();
        kitchen.say(ALICE, "the last word");
        server.purge(kitchen.id());
        assertThat(tellsOf(alice.sync(), kitchen)).isFalse();
        assertThat(tellsOf(bob.sync(), kitchen)).isFalse();
        assertThat(tellsOf(server.client(ALICE).sync(), kitchen)).isFalse();
        assertThat(tellsOf(server.client(BOB).sync(), kitchen)).isFalse();
        assertThat(server.joinedRooms.of(ALICE)).isEmpty();
    }

    @Test
    void nobodyMayReadIt() {
        alice.sync();
        assertThat(server.joinedRooms.readable(ALICE, kitchen.id()).room().id()).isEqualTo(kitchen.id());
        server.purge(kitchen.id());
        assertThatThrownBy(() -> server.joinedRooms.readable(ALICE, kitchen.id()))
                .isInstanceOf(MatrixException.class)
                .hasMessageContaining("not in this room");
        assertThatThrownBy(() -> server.joinedRooms.history(ALICE, kitchen.id()))
                .isInstanceOf(MatrixException.class);
    }

    @Test
    void theOtherRoomsOfItsMembersGoOn() {
        Room hall = server.room("hall");
        alice.sync();
        server.purge(kitchen.id());
        EventId said = hall.say(ALICE, "hello");
        assertThat(timelineIds(alice.sync(), "join", hall)).containsExactly(said.value());
    }

    @Test
    void aRoomOfTheSameIdIsAnotherOne() {
        kitchen.say(ALICE, "before");
        alice.sync();
        server.purge(kitchen.id());
        alice.sync();
        Room again = server.room("kitchen");
        again.say(ALICE, "after");
        JsonObject told = room(alice.sync(), "join", again.id());
        assertThat(told.toString()).contains("after").doesNotContain("before");
    }
}
