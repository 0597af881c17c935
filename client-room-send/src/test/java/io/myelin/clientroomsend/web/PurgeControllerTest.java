package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ADMIN;
import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.clientroomsend.RunningWriter.Answer;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeControllerTest {
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
        PurgeRoom command = writer.rooms().only(PurgeRoom.class);
        assertThat(command.room()).isEqualTo(ROOM);
        assertThat(command.force()).isTrue();
        assertThat(command.aliases()).containsExactly(PUB);
        writer.rooms().reset();
        delete(null).ok();
        writer.rooms().only(PurgeRoom.class);
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
                        PurgeProgress.USERS_LEAVE, "shutting_down",
                        PurgeProgress.ROWS_GO, "purging",
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"block\":true}", "{\"purge\":false}", "{\"new_room_user_id\":\"@a:localhost\"}"})
    void refusesWhatItDoesNotDo(String body) {
        delete(body).isRefused(400, "M_INVALID_PARAM");
        assertThat(writer.rooms().received()).isEmpty();
    }
}
