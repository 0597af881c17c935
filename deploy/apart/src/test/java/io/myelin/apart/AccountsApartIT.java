package io.myelin.apart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What happens to accounts exactly once, with two account-servers of which one is killed; and server notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsApartIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V3 = "/_matrix/client/v3";
    private static final String ADMIN = "/_synapse/admin/v1";
    private static final String SECRET = "shared";
    private static final List<String> INSTANCES = List.of("account-server#1", "account-server#2");
    private static final int AT_ONCE = 8;

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before every test
    private ApartServer server;

    @SuppressWarnings("NullAway.Init") // before every test
    private String administrator;

    private record Answer(int status, JsonNode body) {
        String text(String field) {
            assertThat(status).as(body.toString()).isEqualTo(200);
            return body.path(field).asString();
        }
    }

    @BeforeAll
    void start() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        server = ApartServer.start(
                directory,
                Map.of("MYELIN_REGISTRATION_SHARED_SECRET", SECRET, "MYELIN_SERVER_NOTICES_LOCALPART", "notices"),
                "--instances",
                "account-server=2");
        administrator = administrator();
    }

    @AfterAll
    void stop() throws Exception {
        if (Gateway.nginx().isPresent()) {
            server.close();
        }
    }

    private String administrator() throws Exception {
        String nonce = send("GET", ADMIN + "/register", "", "").text("nonce");
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA1"));
        String code = HexFormat.of().formatHex(mac.doFinal((nonce + "\0root\0root's password\0admin").getBytes(UTF_8)));
        return send("POST", ADMIN + "/register", "", """
            {"nonce": "%s", "username": "root", "password": "root's password", "admin": true, "mac": "%s"}\
            """.formatted(nonce, code)).text("access_token");
    }

    @Test
    void spendsARegistrationTokenOfOneUseOnce() throws Exception {
        for (String killed : INSTANCES) {
            String token = send("POST", ADMIN + "/registration_tokens/new", administrator, "{\"uses_allowed\": 1}")
                    .text("token");
            List<Callable<Answer>> requests = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                String body = """
                    {"username": "once-%s-%d", "password": "a password",
                     "auth": {"type": "m.login.registration_token", "token": "%s"}}\
                    """.formatted(killed.charAt(killed.length() - 1), i, token);
                requests.add(() -> send("POST", V3 + "/register", "", body));
            }
            List<Answer> answers = whileItDies(killed, requests);
            // Whoever got no answer may have registered: the token says how often it was used.
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                Answer spent = send("GET", ADMIN + "/registration_tokens/" + token, administrator, "");
                assertThat(spent.status()).isEqualTo(200);
                assertThat(spent.body().path("completed").asInt()
                                + spent.body().path("pending").asInt())
                        .isLessThanOrEqualTo(1);
            });
            assertThat(answers.stream().filter(answer -> answer.status() == 200))
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(registered("once-" + killed.charAt(killed.length() - 1))).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void registersOneUserForASessionThatAnotherInstanceContinues() throws Exception {
        for (String killed : INSTANCES) {
            String session = send("POST", V3 + "/register", "", "{\"password\": \"a password\"}")
                    .body()
                    .path("session")
                    .asString();
            String name = "session-" + killed.charAt(killed.length() - 1);
            String body = """
                {"username": "%s-%%d", "password": "a password",
                 "auth": {"type": "m.login.dummy", "session": "%s"}}\
                """.formatted(name, session);
            List<Callable<Answer>> requests = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                String one = body.formatted(i);
                requests.add(() -> send("POST", V3 + "/register", "", one));
            }
            whileItDies(killed, requests);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(send("POST", V3 + "/register", "", body.formatted(0))
                                    .status())
                            .isEqualTo(200));
            assertThat(registered(name)).hasSize(1);
        }
    }

    @Test
    void refreshesASessionOnceForEachToken() throws Exception {
        for (String killed : INSTANCES) {
            String name = "refresh-" + killed.charAt(killed.length() - 1);
            String refresh =
                    send("POST", V3 + "/register", "", """
                        {"username": "%s", "password": "a password", "refresh_token": true,
                         "auth": {"type": "m.login.dummy"}}\
                        """.formatted(name)).text("refresh_token");
            String body = "{\"refresh_token\": \"" + refresh + "\"}";
            List<Callable<Answer>> requests = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                requests.add(() -> send("POST", V3 + "/refresh", "", body));
            }
            List<Answer> answers = whileItDies(killed, requests);
            // However many were answered, one access token is valid, and with its use the refresh token ends.
            String access = await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(
                            () -> send("POST", V3 + "/refresh", "", body).text("access_token"),
                            token -> !token.isEmpty());
            assertThat(send("GET", V3 + "/account/whoami", access, "").status()).isEqualTo(200);
            for (Answer answer : answers) {
                if (answer.status() == 200) {
                    assertThat(send("GET", V3 + "/account/whoami", answer.text("access_token"), "")
                                    .status())
                            .isEqualTo(401);
                }
            }
            assertThat(send("POST", V3 + "/refresh", "", body).status()).isEqualTo(401);
        }
    }

    @Test
    void sendsNoticesIntoOneRoomOfEachUser() throws Exception {
        String token = send("POST", V3 + "/register", "", """
            {"username": "noticed", "password": "a password", "auth": {"type": "m.login.dummy"}}\
            """).text("access_token");
        String notice =
                "{\"user_id\": \"@noticed:localhost\", \"content\": {\"msgtype\": \"m.text\", \"body\": \"%s\"}}";
        String path = ADMIN + "/send_server_notice";
        assertThat(send("POST", path, token, notice.formatted("forged")).status())
                .isEqualTo(403);
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            String text = "notice " + i;
            requests.add(() -> send("POST", path, administrator, notice.formatted(text)));
        }
        for (Answer answer : all(requests)) {
            assertThat(answer.text("event_id")).startsWith("$");
        }
        JsonNode rooms =
                send("GET", V3 + "/sync", token, "").body().path("rooms").path("invite");
        assertThat(rooms.size()).isEqualTo(1);
        String room = rooms.propertyNames().iterator().next();
        Answer left = send("POST", V3 + "/rooms/" + encoded(room) + "/leave", token, "{}");
        assertThat(left.status()).isEqualTo(403);
        assertThat(left.body().path("errcode").asString()).isEqualTo("M_CANNOT_LEAVE_SERVER_NOTICE_ROOM");
        assertThat(send("GET", V3 + "/user/@noticed:localhost/rooms/" + encoded(room) + "/tags", token, "")
                        .body()
                        .toString())
                .contains("m.server_notice");
        send("POST", V3 + "/join/" + encoded(room), token, "{}").text("room_id");
        String once = send("PUT", path + "/one", administrator, notice.formatted("once"))
                .text("event_id");
        assertThat(send("PUT", path + "/one", administrator, notice.formatted("once"))
                        .text("event_id"))
                .isEqualTo(once);
        assertThat(send("PUT", V3 + "/rooms/" + encoded(room) + "/send/m.room.message/1", token, """
            {"msgtype": "m.text", "body": "an answer"}\
            """)
                        .status())
                .isEqualTo(403);
        // Who has joined may leave, and is invited anew.
        assertThat(send("POST", V3 + "/rooms/" + encoded(room) + "/leave", token, "{}")
                        .status())
                .isEqualTo(200);
        send("POST", path, administrator, notice.formatted("again")).text("event_id");
        send("POST", V3 + "/join/" + encoded(room), token, "{}").text("room_id");
        String messages = send("GET", V3 + "/rooms/" + encoded(room) + "/messages?dir=b&limit=50", token, "")
                .body()
                .toString();
        assertThat(messages).containsOnlyOnce("\"once\"").contains("again", "notice 7");
        assertThat(send("POST", path, administrator, notice.replace("noticed", "nobody"))
                        .status())
                .isEqualTo(404);
        // Nobody gets into the room of somebody else by giving it the tag.
        String curious = send("POST", V3 + "/register", "", """
            {"username": "curious", "password": "a password", "auth": {"type": "m.login.dummy"}}\
            """).text("access_token");
        String tag = V3 + "/user/@curious:localhost/rooms/" + encoded(room) + "/tags/m.server_notice";
        assertThat(send("PUT", tag, curious, "{}").status()).isEqualTo(200);
        send("POST", path, administrator, notice.replace("noticed", "curious").formatted("yours"))
                .text("event_id");
        JsonNode theirs =
                send("GET", V3 + "/sync", curious, "").body().path("rooms").path("invite");
        assertThat(theirs.size()).isEqualTo(1);
        assertThat(theirs.has(room)).isFalse();
        assertThat(send("POST", V3 + "/register", "", """
            {"username": "notices", "password": "a password", "auth": {"type": "m.login.dummy"}}\
            """).status()).isEqualTo(400);
    }

    private List<String> registered(String name) throws Exception {
        List<String> names = new ArrayList<>();
        send("GET", "/_synapse/admin/v2/users?name=" + name, administrator, "")
                .body()
                .path("users")
                .forEach(user -> names.add(user.path("name").asString()));
        return names;
    }

    /** Sends all requests at once, kills an instance meanwhile, and starts it again. Requests that fail are left out. */
    private List<Answer> whileItDies(String instance, List<Callable<Answer>> requests) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> sent = requests.stream().map(threads::submit).toList();
            assertThat(server.verb("kill", instance).statusCode()).isEqualTo(200);
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> each : sent) {
                Answer answer = each.get();
                if (answer.status() < 500) {
                    answers.add(answer);
                }
            }
            assertThat(server.verb("start", instance).statusCode()).isEqualTo(200);
            return answers;
        }
    }

    private static List<Answer> all(List<Callable<Answer>> requests) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> each : threads.invokeAll(requests)) {
                answers.add(each.get());
            }
            return answers;
        }
    }

    private Answer send(String method, String path, String token, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var response = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), json(response.body()));
    }

    private static JsonNode json(String text) {
        return text.startsWith("{") ? JSON.readTree(text) : JSON.createObjectNode();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
