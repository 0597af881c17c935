package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ADMIN;
import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.clientroomsend.RunningWriter.Answer;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeControllerTest {
    private static final String V1 = "/_synapse/admin/v1/rooms/";
    private static final String ROOMS = "/_synapse/admin/v2/rooms/";
    private static final RoomAlias PUB = RoomAlias.parse("#pub:localhost");
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void aRoomWithAnAlias() {
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE).alias(PUB, ROOM);
    }

    private static Answer delete(@Nullable String body) {
        return writer.at(ADMIN, "DELETE", ROOMS + ROOM, body);
    }

    private static Answer get(String path) {
        return writer.at(ADMIN, "GET", ROOMS + path, null);
    }

    @Test
    void takesTheRoomAwayWithItsAliasesAndItsMembers() {
        JsonObject answer =
                delete("{\"purge\":true,\"force_purge\":false,\"block\":false}").ok();
        assertThat(answer.string("delete_id")).isPresent();
        ShutDownRoom command = writer.rooms().only(ShutDownRoom.class);
        assertThat(command.room()).isEqualTo(ROOM);
        assertThat(command.shutdown()).isEqualTo(new Shutdown(null, true));
        assertThat(command.aliases()).containsExactly(PUB);
        writer.rooms().reset();
        delete(null).ok();
        writer.rooms().only(ShutDownRoom.class);
    }

    @Test
    void isForAdministrators() {
        writer.at(ALICE, "DELETE", ROOMS + ROOM, "{}").isRefused(403, "M_FORBIDDEN");
        writer.at(null, "DELETE", ROOMS + ROOM, "{}").isRefused(401, "M_MISSING_TOKEN");
        writer.at(ALICE, "GET", ROOMS + ROOM + "/delete_status", null).isRefused(403, "M_FORBIDDEN");
        String id = delete("{}").ok().string("delete_id").orElseThrow();
        writer.at(ALICE, "GET", ROOMS + "delete_status/" + id, null).isRefused(403, "M_FORBIDDEN");
        // The answer to a user who is no administrator is the same for an existing and a made-up ID.
        writer.at(ALICE, "GET", ROOMS + "delete_status/nothing", null).isRefused(403, "M_FORBIDDEN");
        writer.at(ALICE, "GET", ROOMS + "!unknown:localhost/delete_status", null)
                .isRefused(403, "M_FORBIDDEN");
        assertThat(writer.rooms().received()).hasSize(1);
    }

    @Test
    void saysHowFarItIs() {
        String id = delete("{}").ok().string("delete_id").orElseThrow();
        for (Map.Entry<PurgeProgress, String> each : Map.of(
                        PurgeProgress.USERS_LEAVE, "active",
                        PurgeProgress.ROWS_GO, "active",
                        PurgeProgress.COMPLETE, "complete")
                .entrySet()) {
            writer.rooms().purged(ROOM, each.getKey());
            JsonObject told = get("delete_status/" + id).ok();
            assertThat(told.string("status")).contains(each.getValue());
            assertThat(get(ROOM + "/delete_status").ok().array("results")).contains(JsonArray.of(told));
        }
    }

    @Test
    void knowsNothingOfARoomThatNobodyPurged() {
        String id = delete("{}").ok().string("delete_id").orElseThrow();
        get("delete_status/" + id).isRefused(404, "M_NOT_FOUND");
        get(ROOM + "/delete_status").isRefused(404, "M_NOT_FOUND");
        get("delete_status/nothing").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void aRoomThatNobodyKnowsIsNotFound() {
        writer.rooms().refuse(404, "M_NOT_FOUND");
        delete("{}").isRefused(404, "M_NOT_FOUND");
        writer.rooms().reset();
        delete("{\"block\":true}").isRefused(404, "M_NOT_FOUND");
        delete("{\"new_room_user_id\":\"@a:localhost\"}").isRefused(404, "M_NOT_FOUND");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void movesTheUsersToANewRoomThatSaysWhy() {
        JsonObject answer = writer.at(ADMIN, "DELETE", V1 + ROOM, """
                        {"new_room_user_id": "@warden:localhost", "room_name": "Gone", "message": "This is why.",
                         "block": true, "purge": false}""")
                .ok();
        assertThat(answer.array("kicked_users")).isPresent();
        assertThat(writer.rooms().all(BlockRoom.class)).containsExactly(new BlockRoom(ROOM, ADMIN, true));
        CreateRoom created = writer.rooms().all(CreateRoom.class).getFirst();
        assertThat(created.requester().user()).isEqualTo(new UserId("@warden:localhost"));
        assertThat(created.name()).isEqualTo("Gone");
        assertThat(created.preset()).isEqualTo("public_chat");
        assertThat(new String(Objects.requireNonNull(created.powerLevelOverride()), UTF_8))
                .isEqualTo("{\"users_default\":-10}");
        assertThat(new String(writer.rooms().all(SendEvent.class).getFirst().content(), UTF_8))
                .contains("This is why.");
        ShutDownRoom command = writer.rooms().all(ShutDownRoom.class).getFirst();
        assertThat(command.shutdown()).isEqualTo(new Shutdown(created.room(), false));
    }

    @Test
    void tellsWhoHasLeft() {
        UserId bob = new UserId("@bob:localhost");
        RoomId newRoom = new RoomId("!new:localhost");
        writer.rooms()
                .shutDown(ROOM, new RoomShutdown(List.of(ALICE, bob), List.of(PUB), newRoom, false, true));
        JsonObject done = get(ROOM + "/delete_status")
                .ok()
                .array("results")
                .flatMap(results -> results.stream().findFirst())
                .map(JsonObject.class::cast)
                .orElseThrow();
        assertThat(done.string("status")).contains("complete");
        JsonObject shutdown = done.object("shutdown_room").orElseThrow();
        assertThat(shutdown.array("kicked_users")).contains(JsonArray.ofStrings(List.of(bob.value())));
        assertThat(shutdown.array("failed_to_kick_users"))
                .contains(JsonArray.ofStrings(List.of(ALICE.value())));
        assertThat(shutdown.string("new_room_id")).contains(newRoom.value());
    }

    @Test
    void isRefusedWhileUsersLeave() {
        writer.rooms().purged(ROOM, PurgeProgress.USERS_LEAVE);
        delete("{\"new_room_user_id\":\"@a:localhost\"}").isRefused(400, "M_UNKNOWN");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void aRoomThatNobodyKnowsCanBeBlockedByVersion1() {
        RoomId unknown = new RoomId("!unknown:localhost");
        writer.at(ADMIN, "DELETE", V1 + unknown, "{\"block\":true}").ok();
        assertThat(writer.rooms().only(BlockRoom.class).room()).isEqualTo(unknown);
        writer.rooms().refuse(404, "M_NOT_FOUND");
        writer.at(ADMIN, "DELETE", V1 + unknown, "{}").isRefused(404, "M_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"block\":1}", "{\"purge\":\"yes\"}", "{\"message\":{}}"})
    void refusesFieldsOfAnotherType(String body) {
        delete(body).isRefused(400, "M_BAD_JSON");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void theNewRoomIsMadeByAUserOfThisServer() {
        delete("{\"new_room_user_id\":\"@a:elsewhere\"}").isRefused(400, "M_INVALID_PARAM");
        assertThat(writer.rooms().received()).isEmpty();
    }
}
