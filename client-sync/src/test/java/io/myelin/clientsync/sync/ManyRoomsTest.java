package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The first sync of a user who is in many rooms, by a reader that has just started. */
class ManyRoomsTest {
    private static final int ROOMS = 80;

    private final Server server = new Server();

    private void makeRooms() {
        for (int i = 0; i < ROOMS; i++) {
            Room room = server.room("room" + i);
            room.join(BOB);
            EventId said = room.say(ALICE, "hello");
            server.receipt(room, BOB, "m.read", null, said);
        }
    }

    private static String withoutToken(JsonObject answer) {
        return answer.object("rooms").orElseThrow().toString();
    }

    @Test
    void loadsThemByFewQuestions() {
        makeRooms();
        server.restart(1);
        server.rooms.asked = 0;
        server.receipts.asked = 0;
        JsonObject cold = server.client(BOB).sync();
        assertThat(cold.object("rooms")
                        .flatMap(rooms -> rooms.object("join"))
                        .orElseThrow()
                        .size())
                .isEqualTo(ROOMS);
        assertThat(server.rooms.asked).isLessThan(ROOMS / 4);
        assertThat(server.receipts.asked).isLessThan(ROOMS / 4);
        assertThat(withoutToken(server.client(BOB).sync())).isEqualTo(withoutToken(cold));
    }

    @Test
    void isToldTheSameByOwnersOfTheReleaseBefore() {
        makeRooms();
        server.restart(1);
        String together = withoutToken(server.client(BOB).sync());
        server.restart(1);
        server.rooms.ofTheReleaseBefore = true;
        assertThat(withoutToken(server.client(BOB).sync())).isEqualTo(together);
    }
}
