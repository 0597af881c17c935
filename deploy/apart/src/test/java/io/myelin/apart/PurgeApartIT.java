package io.myelin.apart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Purges of histories and shutdowns of rooms by an administrator, as one process and with two room-servers and two
 * client-syncs, which are killed meanwhile. {@code -Dmyelin.purge.events=1000000} purges as many.
 */
class PurgeApartIT {
    private static final String V3 = "/_matrix/client/v3";
    private static final String V1 = "/_matrix/client/v1";
    private static final String ADMIN = "/_synapse/admin/v1";
    private static final String SECRET = "shared";
    private static final int EVENTS = Integer.getInteger("myelin.purge.events", 2_500);
    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Map<String, String> SETTINGS =
            Map.of("MYELIN_REGISTRATION_SHARED_SECRET", SECRET, "MYELIN_RATE_LIMITS_ENABLED", "false");

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // at the beginning of each test
    private ApartServer server;

    @SuppressWarnings("NullAway.Init")
    private String admin;

    private String register(String name, boolean administrator) throws Exception {
        String nonce =
                server.request("GET", ADMIN + "/register", "", "").path("nonce").asString();
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA1"));
        String signed = nonce + "\0" + name + "\0password\0" + (administrator ? "admin" : "notadmin");
        String code = HexFormat.of().formatHex(mac.doFinal(signed.getBytes(UTF_8)));
        return server.request("POST", ADMIN + "/register", "", """
                {"nonce": "%s", "username": "%s", "password": "password", "admin": %s, "mac": "%s"}\
                """.formatted(nonce, name, administrator, code))
                .path("access_token")
                .asString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private String room(String token) throws Exception {
        return server.request("POST", V3 + "/createRoom", token, "{\"preset\":\"public_chat\",\"name\":\"Kitchen\"}")
                .path("room_id")
                .asString();
    }

    private String say(String token, String room, String transaction, String more) throws Exception {
        return server.request(
                        "PUT",
                        V3 + "/rooms/" + encoded(room) + "/send/m.room.message/" + transaction,
                        token,
                        "{\"msgtype\":\"m.text\",\"body\":\"" + transaction + "\"" + more + "}")
                .path("event_id")
                .asString();
    }

    private String purge(String room, String event) throws Exception {
        return server.request(
                        "POST",
                        ADMIN + "/purge_history/" + encoded(room) + "/" + encoded(event),
                        admin,
                        "{\"delete_local_events\":true}")
                .path("purge_id")
                .asString();
    }

    private void isComplete(String purge) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> server.request("GET", ADMIN + "/purge_history_status/" + purge, admin, "")
                        .path("status")
                        .asString()
                        .equals("complete"));
    }

    private List<String> messages(String token, String room, String from) throws Exception {
        return ids(server.request(
                        "GET",
                        V3 + "/rooms/" + encoded(room) + "/messages?dir=b&limit=1000"
                                + (from.isEmpty() ? "" : "&from=" + from),
                        token,
                        "")
                .path("chunk"));
    }

    private static List<String> ids(JsonNode events) {
        List<String> ids = new ArrayList<>();
        events.forEach(event -> ids.add(event.path("event_id").asString()));
        return ids;
    }

    private JsonNode sync(String token, String since) throws Exception {
        return server.request("GET", V3 + "/sync?timeout=0" + (since.isEmpty() ? "" : "&since=" + since), token, "");
    }

    private boolean isRefused(String method, String path, String token, String body) {
        try {
            server.request(method, path, token, body);
            return false;
        } catch (Exception refused) {
            return true;
        }
    }

    @Test
    void noPathShowsWhatIsPurged() throws Exception {
        try (var started = ApartServer.startTogether(directory, SETTINGS)) {
            server = started;
            admin = register("admin", true);
            String alice = register("alice", false);
            String room = room(alice);
            String root = say(alice, room, "root", "");
            String thread = say(
                    alice,
                    room,
                    "thread",
                    ",\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"" + root + "\"}");
            String since = sync(alice, "").path("next_batch").asString();
            String first = say(alice, room, "first", "");
            JsonNode page =
                    server.request("GET", V3 + "/rooms/" + encoded(room) + "/messages?dir=b&limit=1", alice, "");

            isComplete(purge(room, first));

            assertThat(messages(alice, room, "")).containsExactly(first);
            assertThat(messages(alice, room, page.path("end").asString())).isEmpty();
            JsonNode later = sync(alice, since).path("rooms").path("join").path(room);
            assertThat(ids(later.path("timeline").path("events"))).containsExactly(first);
            JsonNode joined = sync(alice, "").path("rooms").path("join").path(room);
            assertThat(ids(joined.path("timeline").path("events"))).containsExactly(first);
            assertThat(joined.path("state").path("events")).hasSizeGreaterThanOrEqualTo(4);
            String inRoom = "/rooms/" + encoded(room);
            for (String event : List.of(root, thread)) {
                assertThat(isRefused("GET", V3 + inRoom + "/event/" + encoded(event), alice, ""))
                        .isTrue();
                assertThat(isRefused("GET", V3 + inRoom + "/context/" + encoded(event), alice, ""))
                        .isTrue();
                assertThat(isRefused("GET", V1 + inRoom + "/relations/" + encoded(event), alice, ""))
                        .isTrue();
            }
            assertThat(server.request("GET", V1 + inRoom + "/threads", alice, "")
                            .path("chunk"))
                    .isEmpty();
            say(alice, room, "after", "");
            assertThat(messages(alice, room, "")).hasSize(2);
            administratorsReadIt(room, first);
        }
    }

    /** The administrator is not in the room. */
    private void administratorsReadIt(String room, String first) throws Exception {
        String inRoom = ADMIN + "/rooms/" + encoded(room);
        JsonNode listed = server.request("GET", ADMIN + "/rooms?search_term=kitch", admin, "");
        assertThat(listed.path("total_rooms").asInt()).isEqualTo(1);
        assertThat(listed.path("rooms").get(0).path("room_id").asString()).isEqualTo(room);
        JsonNode details = server.request("GET", inRoom, admin, "");
        assertThat(details.path("name").asString()).isEqualTo("Kitchen");
        assertThat(details.path("joined_local_members").asInt()).isEqualTo(1);
        assertThat(server.request("GET", inRoom + "/members", admin, "")
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.request("GET", inRoom + "/state?type=m.room.name", admin, "")
                        .path("state"))
                .hasSize(1);
        assertThat(ids(server.request("GET", inRoom + "/messages?dir=b", admin, "")
                        .path("chunk")))
                .hasSize(2)
                .contains(first);
        assertThat(server.request("GET", inRoom + "/context/" + encoded(first), admin, "")
                        .path("events_before"))
                .isEmpty();
        server.request("POST", inRoom + "/make_room_admin", admin, "{}");
        server.request("POST", V3 + "/join/" + encoded(room), admin, "{}");
        assertThat(server.request("GET", inRoom + "/timestamp_to_event?ts=1", admin, "")
                        .path("event_id")
                        .asString())
                .isEqualTo(first);
    }

    @Test
    void usersAndAliasesMoveAndNobodyComesBack() throws Exception {
        try (var started = ApartServer.startTogether(directory, SETTINGS)) {
            server = started;
            admin = register("admin", true);
            String alice = register("alice", false);
            String room = room(alice);
            String host = room.contains(":") ? room.substring(room.indexOf(':') + 1) : "";
            JsonNode whoami = server.request("GET", V3 + "/account/whoami", alice, "");
            String user = whoami.path("user_id").asString();
            String name = host.isEmpty() ? user.substring(user.indexOf(':') + 1) : host;
            String alias = encoded("#bad:" + name);
            server.request("PUT", V3 + "/directory/room/" + alias, alice, "{\"room_id\":\"" + room + "\"}");

            JsonNode done = server.request("DELETE", ADMIN + "/rooms/" + encoded(room), admin, """
                {"new_room_user_id": "@warden:%s", "message": "Read the rules.", "block": true, "purge": false}\
                """.formatted(name));

            String newRoom = done.path("new_room_id").asString();
            assertThat(done.path("kicked_users")).hasSize(1);
            assertThat(done.path("failed_to_kick_users")).isEmpty();
            assertThat(isRefused("POST", V3 + "/join/" + encoded(room), alice, "{}"))
                    .isTrue();
            assertThat(isRefused(
                            "PUT",
                            V3 + "/rooms/" + encoded(room) + "/send/m.room.message/x",
                            alice,
                            "{\"body\":\"x\"}"))
                    .isTrue();
            assertThat(server.request("GET", V3 + "/directory/room/" + alias, alice, "")
                            .path("room_id")
                            .asString())
                    .isEqualTo(newRoom);
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                JsonNode joined = sync(alice, "").path("rooms").path("join").path(newRoom);
                return joined.toString().contains("Read the rules.");
            });
            assertThat(isRefused(
                            "PUT",
                            V3 + "/rooms/" + encoded(newRoom) + "/send/m.room.message/x",
                            alice,
                            "{\"body\":\"x\"}"))
                    .isTrue();
        }
    }

    @Test
    void aLargePurgeIsFinishedThoughItsProcessesAreKilled() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        try (var started = ApartServer.start(directory, SETTINGS, "--instances", "room-server=2,client-sync=2")) {
            server = started;
            admin = register("admin", true);
            String alice = register("alice", false);
            String room = room(alice);
            fill(alice, room);
            String first = say(alice, room, "first", "");

            String purge = purge(room, first);
            server.verb("kill", "room-server#1");
            server.verb("kill", "room-server#2");
            for (String victim : List.of("room-server#1", "room-server#2")) {
                assertThat(server.verb("start", victim).statusCode()).isEqualTo(200);
            }

            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(messages(alice, room, "")).containsExactly(first));
            isComplete(purge);
            server.verb("kill", "client-sync#1");
            assertThat(server.verb("start", "client-sync#1").statusCode()).isEqualTo(200);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(messages(alice, room, "")).containsExactly(first));
            isComplete(purge);
        }
    }

    private void fill(String token, String room) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                int from = sender;
                senders.add(executor.submit(() -> {
                    for (int i = from; i < EVENTS; i += SENDERS) {
                        say(token, room, "m" + i, "");
                    }
                    return null;
                }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        }
    }
}
