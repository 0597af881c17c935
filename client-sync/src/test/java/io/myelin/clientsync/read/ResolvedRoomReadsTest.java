package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static io.myelin.clientsync.fixture.SyncingClient.places;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads of a room whose state was changed by a resolution. */
class ResolvedRoomReadsTest {
    private static final String BAN = "{\"membership\":\"ban\"}";

    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");

    private JsonObject messages(UserId user, EventFilter filter) {
        var request = new Messages.Request(session(user), kitchen.id(), null, null, true, 100, filter);
        return JsonParser.parseObject(server.messages.read(request).toBytes());
    }

    private List<String> messages(UserId user) {
        return ids(objects(messages(user, EventFilter.ALL).array("chunk").orElse(JsonArray.EMPTY)));
    }

    private List<String> joined(@Nullable String at) {
        byte[] body = server.states
                .members(session(ALICE), kitchen.id(), at, "join", null)
                .toBytes();
        return places(objects(JsonParser.parseObject(body).array("chunk").orElse(JsonArray.EMPTY)));
    }

    private String nameNow() {
        return new String(
                server.states.one(session(ALICE), kitchen.id(), "m.room.name", "", false), StandardCharsets.UTF_8);
    }

    @Test
    void showTheStateAsItIsNow() {
        kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
        EventId aside = kitchen.aside(BOB, "m.room.name", "", "{\"name\":\"Cellar\"}");
        assertThat(nameNow()).contains("Kitchen");
        kitchen.resolve(aside);
        assertThat(nameNow()).contains("Cellar");
        kitchen.resolve(kitchen.keep(BOB, "m.room.name", "", "{\"name\":\"Attic\"}"));
        assertThat(nameNow()).contains("Attic");
    }

    @Test
    void showMembersAsTheyWereBeforeTheyWereResolved() {
        SyncingClient alice = server.client(ALICE);
        kitchen.join(BOB);
        alice.sync();
        String before = alice.token();
        kitchen.resolve(kitchen.aside(ALICE, "m.room.member", BOB.value(), BAN));
        kitchen.say(ALICE, "hello");
        assertThat(joined(before)).containsExactly("m.room.member @alice:test", "m.room.member @bob:test");
        assertThat(joined(null)).containsExactly("m.room.member @alice:test");
    }

    @Test
    void bringTheSendersOfMessagesAsTheyWere() {
        kitchen.join(BOB);
        kitchen.say(BOB, "hello");
        EventId ban = kitchen.aside(ALICE, "m.room.member", BOB.value(), BAN);
        EventId last = kitchen.say(ALICE, "bye");
        kitchen.resolve(ban);
        EventFilter lazy = Filters.ofRoomEvents("{\"lazy_load_members\":true}");
        JsonObject page = messages(ALICE, lazy);
        assertThat(ids(objects(page.array("chunk").orElseThrow())).getFirst()).isEqualTo(last.value());
        assertThat(ids(objects(page.array("state").orElseThrow()))).doesNotContain(ban.value());
    }

    @Test
    void endForSomebodyWhereABanReachedThem() {
        kitchen.join(BOB);
        EventId ban = kitchen.aside(ALICE, "m.room.member", BOB.value(), BAN);
        EventId seen = kitchen.say(ALICE, "still here");
        kitchen.resolve(ban);
        EventId secret = kitchen.say(ALICE, "secret");
        assertThat(messages(BOB)).contains(seen.value(), ban.value()).doesNotContain(secret.value());
    }

    @Test
    void goOnForSomebodyWhoseKickLost() {
        kitchen.visibility("joined");
        EventId joined = kitchen.join(BOB);
        kitchen.member(ALICE, BOB, "leave");
        EventId missed = kitchen.say(ALICE, "missed");
        kitchen.resolve(joined);
        EventId hello = kitchen.say(ALICE, "hello");
        assertThat(messages(BOB)).contains(hello.value()).doesNotContain(missed.value());
    }

    @Test
    void areForbiddenToWhomTheStateHasForgotten() {
        kitchen.join(BOB);
        kitchen.resolveAway("m.room.member", BOB.value());
        assertThatThrownBy(() -> messages(BOB)).isInstanceOf(MatrixException.class);
    }
}
