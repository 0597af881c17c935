package io.myelin.clientsync.space;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.token.InvalidToken;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Client-server API, "Spaces", "Room summaries" and "Mutual rooms". */
class SpacesTest {
    private final Server server = new Server();
    private final Room house = space("house");

    private Room space(String name) {
        Room room = server.roomElsewhere(name);
        room.state(ALICE, "m.room.create", "", "{\"type\":\"m.space\"}");
        room.join(ALICE);
        return open(room);
    }

    private static Room open(Room room) {
        room.state(ALICE, "m.room.join_rules", "", "{\"join_rule\":\"public\"}");
        return room;
    }

    private static void child(Room space, Room child, String more) {
        space.state(ALICE, "m.space.child", child.id().value(), "{\"via\":[\"test\"]" + more + "}");
    }

    private JsonObject hierarchy(
            UserId user, boolean suggested, @Nullable Integer depth, @Nullable Integer limit, @Nullable String from) {
        return JsonParser.parseObject(server.hierarchy
                .page(new SpaceHierarchy.Request(user, house.id(), suggested, depth, limit, from))
                .toBytes());
    }

    private JsonObject hierarchy(UserId user) {
        return hierarchy(user, false, null, null, null);
    }

    private static List<String> rooms(JsonObject page) {
        return objects(page.array("rooms").orElseThrow()).stream()
                .map(room -> room.string("room_id").orElseThrow())
                .toList();
    }

    private static void assertRefused(int status, ThrowingCallable question) {
        assertThatThrownBy(question)
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Nested
    class Hierarchy {
        @Test
        void walksDepthFirstInTheOrderOfTheChildren() {
            Room attic = space("attic");
            Room kitchen = open(server.room("kitchen"));
            Room box = open(server.room("box"));
            Room cellar = open(server.room("cellar"));
            child(house, kitchen, "");
            child(house, cellar, "");
            child(house, attic, ",\"order\":\"a\"");
            child(attic, box, "");
            child(attic, house, "");
            JsonObject page = hierarchy(BOB);
            assertThat(rooms(page))
                    .containsExactly("!house:test", "!attic:test", "!box:test", "!kitchen:test", "!cellar:test");
            assertThat(page.has("next_batch")).isFalse();
            JsonObject root = objects(page.array("rooms").orElseThrow()).getFirst();
            assertThat(root.string("room_type")).hasValue("m.space");
            assertThat(root.integer("num_joined_members")).hasValue(1L);
            List<JsonObject> children = objects(root.array("children_state").orElseThrow());
            assertThat(children).hasSize(3);
            assertThat(children.getFirst().string("state_key")).hasValue("!attic:test");
            assertThat(children.getFirst().integer("origin_server_ts")).isPresent();
        }

        @Test
        void goesAsDeepAsIsWanted() {
            Room attic = space("attic");
            child(house, attic, "");
            child(attic, open(server.room("box")), "");
            assertThat(rooms(hierarchy(BOB, false, 0, null, null))).containsExactly("!house:test");
            assertThat(rooms(hierarchy(BOB, false, 1, null, null))).containsExactly("!house:test", "!attic:test");
        }

        @Test
        void tellsOnlySuggestedRoomsIfWanted() {
            child(house, open(server.room("kitchen")), ",\"suggested\":true");
            child(house, open(server.room("cellar")), "");
            JsonObject page = hierarchy(BOB, true, null, null, null);
            assertThat(rooms(page)).containsExactly("!house:test", "!kitchen:test");
        }

        @Test
        void leavesOutChildrenWithoutAServer() {
            Room kitchen = open(server.room("kitchen"));
            house.state(ALICE, "m.space.child", kitchen.id().value(), "{}");
            assertThat(rooms(hierarchy(BOB))).containsExactly("!house:test");
        }

        @Test
        void comesPageByPageWhateverChangesMeanwhile() {
            List<Room> children = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Room room = open(server.room("room" + i));
                child(house, room, ",\"order\":\"" + (char) ('b' + i) + "\"");
                children.add(room);
            }
            JsonObject first = hierarchy(BOB, false, null, 3, null);
            assertThat(rooms(first)).containsExactly("!house:test", "!room0:test", "!room1:test");
            house.state(ALICE, "m.space.child", children.get(0).id().value(), "{}");
            house.state(ALICE, "m.space.child", children.get(2).id().value(), "{}");
            child(house, open(server.room("new")), ",\"order\":\"a\"");
            String next = first.string("next_batch").orElseThrow();
            assertThat(rooms(hierarchy(BOB, false, null, 50, next)))
                    .containsExactly("!new:test", "!room3:test", "!room4:test");
            assertThatThrownBy(() -> hierarchy(BOB, true, null, 50, next)).isInstanceOf(InvalidToken.class);
            assertThatThrownBy(() -> hierarchy(BOB, false, 1, 50, next)).isInstanceOf(InvalidToken.class);
            assertThatThrownBy(() -> hierarchy(BOB, false, null, 50, "h1_%")).isInstanceOf(InvalidToken.class);
        }

        @Test
        void tellsNothingOfRoomsThatTheUserCannotFind() {
            Room secret = server.room("secret");
            Room allowed = server.room("allowed");
            allowed.state(
                    ALICE,
                    "m.room.join_rules",
                    "",
                    "{\"join_rule\":\"restricted\",\"allow\":[{\"type\":\"m.room_membership\",\"room_id\":\"!house:test\"}]}");
            child(house, secret, "");
            child(house, allowed, "");
            assertThat(rooms(hierarchy(BOB))).containsExactly("!house:test");
            house.join(BOB);
            assertThat(rooms(hierarchy(BOB))).containsExactly("!house:test", "!allowed:test");
            secret.invite(ALICE, BOB);
            assertThat(rooms(hierarchy(BOB))).containsExactly("!house:test", "!secret:test", "!allowed:test");
        }

        /** A client can make its own token, and so say that a room was found. */
        @Test
        void doesNotBelieveWhatATokenSays() {
            Room secret = server.room("secret");
            child(house, secret, "");
            child(secret, open(server.room("kitchen")), "");
            int question = new SpaceHierarchy.Request(BOB, house.id(), false, null, null, null).question();
            HierarchyToken made = HierarchyToken.begin(question);
            made.add(secret.id(), true);
            assertThat(rooms(hierarchy(BOB, false, null, null, made.encode()))).containsExactly("!house:test");
        }

        @Test
        void looksAtALimitedNumberOfRoomsAtATime() {
            for (int i = 0; i < 150; i++) {
                child(house, server.room("hidden" + i), ",\"order\":\"a\"");
            }
            child(house, open(server.room("kitchen")), ",\"order\":\"b\"");
            JsonObject first = hierarchy(BOB);
            assertThat(rooms(first)).containsExactly("!house:test");
            String next = first.string("next_batch").orElseThrow();
            assertThat(rooms(hierarchy(BOB, false, null, null, next))).containsExactly("!kitchen:test");
        }

        @Test
        void tellsNothingOfRoomsThatTheUserIsBannedFrom() {
            Room kitchen = open(server.room("kitchen"));
            kitchen.state(ALICE, "m.room.history_visibility", "", "{\"history_visibility\":\"world_readable\"}");
            child(house, kitchen, "");
            kitchen.member(ALICE, BOB, "ban");
            assertThat(rooms(hierarchy(BOB))).containsExactly("!house:test");
            house.member(ALICE, BOB, "ban");
            assertRefused(403, () -> hierarchy(BOB));
        }
    }

    @Nested
    class Summaries {
        private JsonObject summary(@Nullable UserId user, RoomId room) {
            return JsonParser.parseObject(server.overviews.summary(user, room.value(), false));
        }

        @Test
        void tellWhatTheRoomIs() {
            Room kitchen = open(server.room("kitchen"));
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
            kitchen.state(ALICE, "m.room.encryption", "", "{\"algorithm\":\"m.megolm.v1.aes-sha2\"}");
            JsonObject summary = summary(ALICE, kitchen.id());
            assertThat(summary.string("name")).hasValue("Kitchen");
            assertThat(summary.string("join_rule")).hasValue("public");
            assertThat(summary.string("membership")).hasValue("join");
            assertThat(summary.string("encryption")).hasValue("m.megolm.v1.aes-sha2");
            assertThat(summary.string("room_version")).hasValue("11");
            assertThat(summary(BOB, kitchen.id()).string("membership")).hasValue("leave");
        }

        @Test
        void areForStrangersOnlyWhereAnybodyMayJoinKnockOrRead() {
            Room kitchen = server.room("kitchen");
            assertRefused(404, () -> summary(null, kitchen.id()));
            kitchen.state(ALICE, "m.room.join_rules", "", "{\"join_rule\":\"knock\"}");
            assertThat(summary(null, kitchen.id()).has("membership")).isFalse();
            assertRefused(404, () -> summary(null, new RoomId("!nowhere:test")));
        }

        @Test
        void areNotForBannedUsers() {
            Room kitchen = open(server.room("kitchen"));
            kitchen.member(ALICE, BOB, "ban");
            assertRefused(404, () -> summary(BOB, kitchen.id()));
        }
    }

    @Test
    void sharedRoomsAreThoseThatBothAreIn() {
        Room kitchen = server.room("kitchen");
        kitchen.join(BOB);
        server.room("cellar").invite(ALICE, BOB);
        JsonObject shared = JsonParser.parseObject(server.mutualRooms.of(ALICE, BOB.value(), null, "next_batch"));
        assertThat(shared.toString()).isEqualTo("{\"count\":1,\"joined\":[\"!kitchen:test\"]}");
        assertThat(server.mutualRooms.of(CAROL, BOB.value(), null, "next_batch"))
                .asString()
                .isEqualTo("{\"joined\":[],\"count\":0}");
        assertRefused(400, () -> server.mutualRooms.of(ALICE, "@Historical User:test", null, "next_batch"));
        assertRefused(400, () -> server.mutualRooms.of(ALICE, ALICE.value(), null, "next_batch"));
    }
}
