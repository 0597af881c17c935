package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectoryControllerTest {
    private static final String ALIAS = "directory/room/%23pub:localhost";
    private static final RoomAlias PUB = RoomAlias.parse("#pub:localhost");
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void emptyServer() {
        writer.rooms().reset();
    }

    @Test
    void findsAliasWithoutAccount() {
        writer.rooms().alias(PUB, ROOM);
        JsonObject found = writer.as(null, "GET", ALIAS, null).ok();
        assertThat(found.string("room_id")).contains(ROOM.value());
        assertThat(found.array("servers").orElseThrow().strings()).containsExactly("localhost");
        writer.get("directory/room/%23none:localhost").isRefused(404, "M_NOT_FOUND");
        writer.get("directory/room/%23pub:elsewhere").isRefused(404, "M_NOT_FOUND");
        writer.get("directory/room/pub").isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void membersMakeAliases() {
        writer.rooms().room(ROOM, ALICE);
        writer.put(ALIAS, "{\"room_id\":\"!room:localhost\"}").ok();
        var claim = writer.rooms().only(ClaimAlias.class);
        assertThat(claim.confirmed()).isTrue();
        assertThat(claim.alias()).isEqualTo(PUB);
        writer.rooms().refuse(409, "M_UNKNOWN");
        writer.put(ALIAS, "{\"room_id\":\"!room:localhost\"}").isRefused(409, "M_UNKNOWN");
    }

    @Test
    void rejectsAliasesThatMayNotBe() {
        writer.rooms().room(ROOM, BOB);
        writer.put(ALIAS, "{\"room_id\":\"!room:localhost\"}").isRefused(403, "M_FORBIDDEN");
        writer.put(ALIAS, "{\"room_id\":\"!none:localhost\"}").isRefused(404, "M_NOT_FOUND");
        writer.put(ALIAS, "{\"room_id\":\"room\"}").isRefused(400, "M_INVALID_PARAM");
        writer.put(ALIAS, "{\"room_id\":1}").isRefused(400, "M_BAD_JSON");
        writer.put(ALIAS, "{}").isRefused(400, "M_MISSING_PARAM");
        writer.put("directory/room/%23pub:elsewhere", "{\"room_id\":\"!room:localhost\"}")
                .isRefused(400, "M_INVALID_PARAM");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void deletionSaysWhoMaySetAliases() {
        writer.rooms()
                .room(ROOM, BOB)
                .state(ROOM, ALICE, "m.room.member", ALICE.value(), "{\"membership\":\"join\"}")
                .state(ROOM, BOB, "m.room.power_levels", "", "{\"users\":{\"@alice:localhost\":10}}")
                .alias(PUB, ROOM);
        writer.delete(ALIAS).ok();
        assertThat(writer.rooms().only(DeleteAlias.class).permitted()).isFalse();
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE).alias(PUB, ROOM);
        writer.delete(ALIAS).ok();
        assertThat(writer.rooms().only(DeleteAlias.class).permitted()).isTrue();
        writer.delete("directory/room/%23none:localhost").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void aliasesOfRoomAreForWhoMayReadIt() {
        writer.rooms().room(ROOM, BOB).alias(PUB, ROOM);
        writer.get("rooms/!room:localhost/aliases").isRefused(403, "M_FORBIDDEN");
        writer.get("rooms/!none:localhost/aliases").isRefused(403, "M_FORBIDDEN");
        writer.rooms().state(ROOM, BOB, "m.room.history_visibility", "", "{\"history_visibility\":\"world_readable\"}");
        JsonObject answer = writer.get("rooms/!room:localhost/aliases").ok();
        assertThat(answer.array("aliases").orElseThrow().strings()).containsExactly("#pub:localhost");
    }

    @Test
    void tellsAndSetsVisibility() {
        String path = "directory/list/room/!room:localhost";
        writer.as(null, "GET", path, null).isRefused(404, "M_NOT_FOUND");
        writer.rooms().room(ROOM, ALICE);
        assertThat(writer.get(path).ok().string("visibility")).contains("private");
        writer.rooms().published(ROOM);
        assertThat(writer.get(path).ok().string("visibility")).contains("public");
        writer.put(path, "{}").ok();
        assertThat(writer.rooms().only(SetDirectoryVisibility.class).published())
                .isTrue();
        writer.put(path, "{\"visibility\":\"secret\"}").isRefused(400, "M_INVALID_PARAM");
        writer.put(path, "{\"visibility\":1}").isRefused(400, "M_BAD_JSON");
    }

    @Test
    void showsWhatTheRoomSaysOfItself() {
        writer.rooms()
                .room(ROOM, ALICE)
                .published(ROOM)
                .state(ROOM, ALICE, "m.room.name", "", "{\"name\":\"Pub\"}")
                .state(ROOM, ALICE, "m.room.topic", "", "{\"topic\":\"Beer\"}")
                .state(ROOM, ALICE, "m.room.canonical_alias", "", "{\"alias\":\"#pub:localhost\"}")
                .state(ROOM, ALICE, "m.room.avatar", "", "{\"url\":\"mxc://a/b\"}")
                .state(ROOM, ALICE, "m.room.join_rules", "", "{\"join_rule\":\"public\"}")
                .state(ROOM, ALICE, "m.room.guest_access", "", "{\"guest_access\":\"can_join\"}")
                .state(ROOM, ALICE, "m.room.create", "", "{\"room_version\":\"12\",\"type\":\"m.space\"}");
        JsonObject page = writer.as(null, "GET", "publicRooms", null).ok();
        assertThat(page.array("chunk").orElseThrow().get(0).toString())
                .isEqualTo(
                        "{\"avatar_url\":\"mxc://a/b\",\"canonical_alias\":\"#pub:localhost\",\"guest_can_join\":true,"
                                + "\"join_rule\":\"public\",\"name\":\"Pub\",\"num_joined_members\":1,"
                                + "\"room_id\":\"!room:localhost\",\"room_type\":\"m.space\",\"topic\":\"Beer\","
                                + "\"world_readable\":false}");
        assertThat(page.integer("total_room_count_estimate")).hasValue(1);
        assertThat(page.has("next_batch") || page.has("prev_batch")).isFalse();
    }

    @Test
    void turnsPagesForwardAndBack() {
        for (char name = 'a'; name <= 'e'; name++) {
            RoomId room = RoomId.parse("!" + name + ":localhost");
            writer.rooms().room(room, ALICE).published(room);
        }
        JsonObject first = writer.get("publicRooms?limit=2").ok();
        assertThat(rooms(first)).containsExactly("!a:localhost", "!b:localhost");
        assertThat(first.has("prev_batch")).isFalse();
        JsonObject second = since(first, "next_batch");
        assertThat(rooms(second)).containsExactly("!c:localhost", "!d:localhost");
        JsonObject third = since(second, "next_batch");
        assertThat(rooms(third)).containsExactly("!e:localhost");
        assertThat(third.has("next_batch")).isFalse();
        JsonObject back = since(third, "prev_batch");
        assertThat(rooms(back)).containsExactly("!c:localhost", "!d:localhost");
        JsonObject start = since(back, "prev_batch");
        assertThat(rooms(start)).containsExactly("!a:localhost", "!b:localhost");
        assertThat(start.has("prev_batch")).isFalse();
        assertThat(rooms(since(start, "next_batch"))).containsExactly("!c:localhost", "!d:localhost");
    }

    @Test
    void filtersByTermAndType() {
        RoomId space = RoomId.parse("!space:localhost");
        writer.rooms()
                .room(ROOM, ALICE)
                .published(ROOM)
                .state(ROOM, ALICE, "m.room.topic", "", "{\"topic\":\"All about CHEESE\"}")
                .room(space, ALICE)
                .published(space)
                .state(space, ALICE, "m.room.create", "", "{\"room_version\":\"12\",\"type\":\"m.space\"}");
        assertThat(rooms(query("{\"filter\":{\"generic_search_term\":\"cheese\"}}")))
                .containsExactly(ROOM.value());
        assertThat(rooms(query("{\"filter\":{\"room_types\":[\"m.space\"]}}"))).containsExactly(space.value());
        assertThat(rooms(query("{\"filter\":{\"room_types\":[null]}}"))).containsExactly(ROOM.value());
        assertThat(rooms(query("{\"third_party_instance_id\":\"irc\"}"))).isEmpty();
        assertThat(rooms(query("{}"))).hasSize(2);
    }

    @Test
    void rejectsQueriesThatMakeNoSense() {
        writer.get("publicRooms?limit=many").isRefused(400, "M_INVALID_PARAM");
        writer.get("publicRooms?limit=-1").isRefused(400, "M_INVALID_PARAM");
        writer.get("publicRooms?since=x").isRefused(400, "M_INVALID_PARAM");
        writer.get("publicRooms?server=elsewhere").isRefused(404, "M_NOT_FOUND");
        writer.post("publicRooms", "{\"limit\":\"2\"}").isRefused(400, "M_BAD_JSON");
        writer.post("publicRooms", "{\"filter\":{\"room_types\":[1]}}").isRefused(400, "M_BAD_JSON");
        writer.post("publicRooms", "{\"filter\":{\"generic_search_term\":1}}").isRefused(400, "M_BAD_JSON");
    }

    private static JsonObject since(JsonObject page, String token) {
        return writer.get("publicRooms?limit=2&since=" + page.string(token).orElseThrow())
                .ok();
    }

    private static JsonObject query(String body) {
        return writer.post("publicRooms", body).ok();
    }

    private static List<String> rooms(JsonObject page) {
        return page.array("chunk").orElseThrow().stream()
                .map(room -> ((JsonObject) room).string("room_id").orElseThrow())
                .toList();
    }

    @Test
    void anAliasThatIsDeletedIsNoLongerTheRoomsCanonicalOne() {
        writer.rooms()
                .room(ROOM, ALICE)
                .alias(RoomAlias.parse("#pub:localhost"), ROOM)
                .state(
                        ROOM,
                        ALICE,
                        "m.room.canonical_alias",
                        "",
                        "{\"alias\":\"#pub:localhost\",\"alt_aliases\":[\"#pub:localhost\",\"#other:localhost\"]}");
        writer.delete(ALIAS).ok();
        assertThat(writer.rooms().received())
                .filteredOn(received -> received.command() instanceof SendEvent)
                .extracting(received -> new String(((SendEvent) received.command()).content(), StandardCharsets.UTF_8))
                .containsExactly("{\"alt_aliases\":[\"#other:localhost\"]}");
    }
}
