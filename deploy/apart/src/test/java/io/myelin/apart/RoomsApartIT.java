package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is kept for users of rooms, with two instances of each process that takes part. */
class RoomsApartIT {
    private static final String V3 = "/_matrix/client/v3";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // at the beginning of the test
    private ApartServer server;

    private final Map<String, String> tokens = new HashMap<>();

    @Test
    void tagsAndConversationsFollowThoughProcessesAreKilled() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        try (var started = ApartServer.start(directory, "--instances", "account-server=2,room-server=2")) {
            server = started;
            for (String name : List.of("alice", "bob", "carol")) {
                register(name);
            }
            String old = as("alice", "POST", "createRoom", "{\"preset\":\"public_chat\",\"room_version\":\"11\"}")
                    .path("room_id")
                    .asString();
            as("bob", "POST", "join/" + old, "{}");
            as("carol", "POST", "join/" + old, "{}");
            for (String name : List.of("alice", "bob", "carol")) {
                as(name, "PUT", "user/@" + name + ":localhost/rooms/" + old + "/tags/u." + name, "{\"order\":0.5}");
                as(name, "PUT", direct(name), "{\"@friend:localhost\":[\"" + old + "\"]}");
            }
            String replacement = as("alice", "POST", "rooms/" + old + "/upgrade", "{\"new_version\":\"12\"}")
                    .path("replacement_room")
                    .asString();
            assertFollowed("alice", old, replacement);

            as("bob", "POST", "join/" + replacement, "{}");
            assertFollowed("bob", old, replacement);

            // The writer does not look at such a join, so what follows is ordered by room-server alone.
            as(
                    "carol",
                    "PUT",
                    "rooms/" + replacement + "/state/m.room.member/@carol:localhost",
                    "{\"membership\":\"join\"}");
            List<String> all = List.of("room-server#1", "room-server#2", "account-server#1", "account-server#2");
            for (String victim : all) {
                server.verb("kill", victim);
            }
            for (String victim : all) {
                assertThat(server.verb("start", victim).statusCode()).isEqualTo(200);
            }
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertFollowed("carol", old, replacement));

            as("carol", "DELETE", "user/@carol:localhost/rooms/" + replacement + "/tags/u.carol", "");
            as("carol", "POST", "rooms/" + replacement + "/leave", "{}");
            as("carol", "POST", "join/" + replacement, "{}");
            assertThat(tags("carol", replacement)).isEmpty();
        }
    }

    @Test
    void stickyEventsAreToldByEachReaderAndAfterItsDeath() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        try (var started = ApartServer.start(directory, "--instances", "client-sync=2,client-room-send=2")) {
            server = started;
            for (String name : List.of("alice", "bob")) {
                register(name);
            }
            assertThat(server.request("GET", "/_matrix/client/versions", "", "")
                            .path("unstable_features")
                            .path("org.matrix.msc4354")
                            .asBoolean())
                    .isTrue();
            String room = as("alice", "POST", "createRoom", "{\"preset\":\"public_chat\"}")
                    .path("room_id")
                    .asString();
            String sticky = "org.matrix.msc4354.sticky_duration_ms=3600000";
            String first = as("alice", "PUT", "rooms/" + room + "/send/org.example.call/1?" + sticky, "{\"a\":1}")
                    .path("event_id")
                    .asString();
            as(
                    "alice",
                    "PUT",
                    "rooms/" + room + "/send/org.example.call/2?org.matrix.msc4140.delay=200&" + sticky,
                    "{\"a\":2}");
            for (int i = 0; i < 3; i++) {
                as(
                        "alice",
                        "PUT",
                        "rooms/" + room + "/send/m.room.message/" + i,
                        "{\"msgtype\":\"m.text\",\"body\":\"x\"}");
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sticky("alice", room)).hasSize(2));
            assertThat(sticky("alice", room).getFirst()).isEqualTo(first);

            as("bob", "POST", "join/" + room, "{}");
            assertThat(sticky("bob", room)).isEqualTo(sticky("alice", room));
            for (String victim : List.of("client-sync#1", "client-sync#2")) {
                server.verb("kill", victim);
                assertThat(server.verb("start", victim).statusCode()).isEqualTo(200);
            }
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(sticky("bob", room)).hasSize(2));
        }
    }

    /** The IDs of the sticky events in a first sync that has no other events. */
    private List<String> sticky(String name, String room) throws Exception {
        String filter =
                "%7B%22room%22%3A%7B%22timeline%22%3A%7B%22limit%22%3A1%2C%22types%22%3A%5B%22none%22%5D%7D%7D%7D";
        List<String> ids = new ArrayList<>();
        as(name, "GET", "sync?filter=" + filter, "")
                .path("rooms")
                .path("join")
                .path(room)
                .path("msc4354_sticky")
                .path("events")
                .forEach(event -> ids.add(event.path("event_id").asString()));
        return ids;
    }

    private void assertFollowed(String name, String old, String replacement) throws Exception {
        assertThat(tags(name, replacement).path("u." + name).path("order").asDouble())
                .isEqualTo(0.5);
        assertThat(as(name, "GET", direct(name), "").toString())
                .isEqualTo("{\"@friend:localhost\":[\"" + old + "\",\"" + replacement + "\"]}");
    }

    private JsonNode tags(String name, String room) throws Exception {
        return as(name, "GET", "user/@" + name + ":localhost/rooms/" + room + "/tags", "")
                .path("tags");
    }

    private static String direct(String name) {
        return "user/@" + name + ":localhost/account_data/m.direct";
    }

    private void register(String name) throws Exception {
        JsonNode session = server.request("POST", V3 + "/register", "", """
            {"username": "%s", "password": "a password of 20", "auth": {"type": "m.login.dummy"}}\
            """.formatted(name));
        tokens.put(name, session.path("access_token").asString());
    }

    private JsonNode as(String name, String method, String path, String body) throws Exception {
        return server.request(method, V3 + "/" + path, Objects.requireNonNull(tokens.get(name)), body);
    }
}
