package io.myelin.apart;

import static io.myelin.apart.Examples.READER;
import static io.myelin.apart.Examples.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.testing.FreePort;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole server apart, with two room-servers and two client-syncs, as clients and operators use it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V3 = "/_matrix/client/v3";

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before every test
    private ApartServer server;

    @BeforeAll
    void start() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        server = ApartServer.start(directory, "--instances", SERVER + "=2," + READER + "=2");
    }

    @AfterAll
    void stop() throws Exception {
        if (Gateway.nginx().isPresent()) {
            assertThat(server.stopsInTime()).isTrue();
            server.close();
        }
    }

    @Test
    void messageTravelsThroughAllOfIt() throws Exception {
        var alice = register("alice");
        var room = createRoom(alice);
        var event = send(alice, room, "1", "Hello");

        assertThat(messages(alice, room)).contains("Hello");
        assertThat(send(alice, room, "1", "Hello")).isEqualTo(event);
        assertThat(server.request("GET", V3 + "/sync", alice, "").toString()).contains(event);
    }

    @Test
    void whatTheErasedSaidIsNotShownToWhoWasNotThere() throws Exception {
        var frank = register("frank");
        var room = server.request("POST", V3 + "/createRoom", frank, """
                        {"preset": "public_chat"}""")
                .path("room_id")
                .asString();
        var event = send(frank, room, "1", "forget me");
        var grace = register("grace");
        server.request("POST", V3 + "/join/" + encoded(room), grace, "{}");
        assertThat(messages(grace, room)).contains("forget me");
        server.request("POST", V3 + "/account/deactivate", frank, """
                {"erase": true, "auth": {"type": "m.login.password", "password": "frank's password",
                 "identifier": {"type": "m.id.user", "user": "frank"}}}""");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(grace, room)).contains(event).doesNotContain("forget me"));
    }

    @Test
    void everyProcessIsShownWithItsShards() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var shards = Stream.concat(
                    numbers(server.row(SERVER + "#1").path("shards")).boxed(),
                    numbers(server.row(SERVER + "#2").path("shards")).boxed());
            assertThat(shards)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 16).boxed().toList());
            assertThat(numbers(server.row(SERVER + "#2").path("shards"))).isNotEmpty();
        });
        assertThat(server.table())
                .contains("postgresql#1", "kafka#1", READER + "#2", "gateway#1")
                .doesNotContain("dead");
    }

    @Test
    void killedReaderIsReplacedByTheOtherAndComesBack() throws Exception {
        var bob = register("bob");
        var room = createRoom(bob);
        send(bob, room, "1", "before");
        for (var reader : new String[] {READER + "#1", READER + "#2"}) {
            assertThat(server.verb("kill", reader).body()).isEqualTo(reader + " is killed.\n");
            assertThat(server.row(reader).path("health").asString()).isEqualTo("stopped");
            assertThat(messages(bob, room)).contains("before");
            assertThat(server.verb("start", reader).body()).isEqualTo(reader + " is up.\n");
        }
    }

    @Test
    void killedRoomServerIsReplacedByTheOther() throws Exception {
        var carol = register("carol");
        var room = createRoom(carol);
        for (var owner : new String[] {SERVER + "#1", SERVER + "#2"}) {
            server.verb("kill", owner);
            var event = send(carol, room, owner, "without " + owner.charAt(owner.length() - 1));
            assertThat(send(carol, room, owner, "without " + owner.charAt(owner.length() - 1)))
                    .isEqualTo(event);
            assertThat(server.verb("start", owner).statusCode()).isEqualTo(200);
        }
        assertThat(messages(carol, room)).contains("without 1", "without 2");
    }

    @Test
    void databaseAndBrokerComeBackAfterAKill() throws Exception {
        var dave = register("dave");
        var room = createRoom(dave);
        for (var engine : new String[] {"kafka", "postgresql"}) {
            server.verb("kill", engine);
            assertThat(server.row(engine + "#1").path("health").asString()).isEqualTo("stopped");
            assertThat(server.verb("start", engine).statusCode()).isEqualTo(200);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(send(dave, room, engine, "after " + engine))
                            .isNotEmpty());
        }
        assertThat(messages(dave, room)).contains("after kafka", "after postgresql");
    }

    @Test
    void secondStartOnTheSameDataSaysWhoHasThemAndStops() throws Exception {
        try (var second = ApartServer.launch(directory, FreePort.choose(), FreePort.choose())) {
            assertThat(second.sayings()).contains("in use by a running Myelin");
            assertThat(second.status()).isEqualTo(2);
        }
        assertThat(server.row("gateway#1").path("health").asString()).isEqualTo("up");
    }

    private static IntStream numbers(JsonNode array) {
        return IntStream.range(0, array.size()).map(index -> array.get(index).asInt());
    }

    private String register(String name) throws Exception {
        return server.request("POST", V3 + "/register", "", """
                        {"username": "%s", "password": "%s's password", "auth": {"type": "m.login.dummy"}}
                        """.formatted(name, name))
                .path("access_token")
                .asString();
    }

    private String createRoom(String token) throws Exception {
        return server.request("POST", V3 + "/createRoom", token, "{}")
                .path("room_id")
                .asString();
    }

    private String send(String token, String room, String transaction, String text) throws Exception {
        return server.request(
                        "PUT",
                        V3 + "/rooms/" + encoded(room) + "/send/m.room.message/" + encoded(transaction),
                        token,
                        """
                        {"msgtype": "m.text", "body": "%s"}""".formatted(text))
                .path("event_id")
                .asString();
    }

    private String messages(String token, String room) throws Exception {
        return server.request("GET", V3 + "/rooms/" + encoded(room) + "/messages?dir=b&limit=50", token, "")
                .toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
