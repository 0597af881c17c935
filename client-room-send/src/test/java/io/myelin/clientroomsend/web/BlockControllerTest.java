package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ADMIN;
import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockControllerTest {
    private static final String BLOCK = "/_synapse/admin/v1/rooms/" + ROOM + "/block";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void nothing() {
        writer.rooms().reset();
    }

    @Test
    void aRoomIsBlockedAndUnblockedThoughNobodyKnowsIt() {
        assertThat(writer.at(ADMIN, "PUT", BLOCK, "{\"block\":true}").ok().toString())
                .isEqualTo("{\"block\":true}");
        assertThat(writer.rooms().only(BlockRoom.class)).isEqualTo(new BlockRoom(ROOM, ADMIN, true));
        writer.rooms().received().clear();
        writer.at(ADMIN, "PUT", BLOCK, "{\"block\":false}").ok();
        assertThat(writer.rooms().only(BlockRoom.class)).isEqualTo(new BlockRoom(ROOM, ADMIN, false));
    }

    @Test
    void saysWhoHasBlockedIt() {
        assertThat(writer.at(ADMIN, "GET", BLOCK, null).ok().toString()).isEqualTo("{\"block\":false}");
        writer.rooms().blocked(ROOM, ADMIN);
        assertThat(writer.at(ADMIN, "GET", BLOCK, null).ok().string("user_id")).contains(ADMIN.value());
    }

    @Test
    void isForAdministrators() {
        writer.at(ALICE, "PUT", BLOCK, "{\"block\":true}").isRefused(403, "M_FORBIDDEN");
        writer.at(ALICE, "GET", BLOCK, null).isRefused(403, "M_FORBIDDEN");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void wantsToKnowWhich() {
        writer.at(ADMIN, "PUT", BLOCK, "{}").isRefused(400, "M_MISSING_PARAM");
        writer.at(ADMIN, "PUT", BLOCK, "{\"block\":\"yes\"}").isRefused(400, "M_BAD_JSON");
    }

    @Test
    void nobodyMakesAnAliasForIt() {
        writer.rooms().room(ROOM, ALICE).blocked(ROOM, ADMIN);
        writer.at(
                        ALICE,
                        "PUT",
                        "/_matrix/client/v3/directory/room/%23pub:localhost",
                        "{\"room_id\":\"" + ROOM + "\"}")
                .isRefused(403, "M_FORBIDDEN");
        assertThat(writer.rooms().received()).isEmpty();
    }
}
