package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What follows users into the replacement of a room, with two instances of each server that takes part. */
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
