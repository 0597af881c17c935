package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.allinone.RoomRules.Rule;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of {@link RoomRules}, asked of a whole server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomSecurityIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String SECRET = "shared";
    private static final String EARLY = "early-secret";
    private static final String LATE = "late-secret";
    private static final String IGNORED = "ignored-secret";

    private record Answer(int status, String text) {
        JsonObject json() {
            return JsonParser.parseObject(text.getBytes(StandardCharsets.UTF_8), JsonRules.LENIENT);
        }
    }

    private record Person(String user, String token) {}

    private final Map<String, Person> people = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private ServerProcess server;

    @BeforeAll
    void aRoomWithAHistory(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(
                directory.resolve("data"),
                Map.of(
                        "MYELIN_SERVER_NAME",
                        "localhost",
                        "MYELIN_REGISTRATION_SHARED_SECRET",
                        SECRET,
                        "MYELIN_REGISTRATION_GUESTS",
                        "true"));
        await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        names.put("server", "localhost");
        names.put("alias", "secret");
        for (String name : List.of(
                "owner",
                "member",
                "other",
                "stranger",
                "invited",
                "left",
                "banned",
                "ignored",
                "suspended",
                "locked")) {
            Person person = register(name, false);
            people.put(name, person);
            names.put(name, person.user());
        }
        people.put("admin", register("admin", true));
        JsonObject guest = ok("", "POST", "register?kind=guest", "{}");
        people.put("guest", new Person(text(guest, "user_id"), text(guest, "access_token")));
        history();
    }

    private void history() throws Exception {
        String room = text(
                ok(
                        "owner",
                        "POST",
                        "createRoom",
                        "{\"preset\":\"private_chat\",\"topic\":\"" + EARLY + "\",\"name\":\"" + EARLY
                                + "\",\"room_alias_name\":\"secret\",\"room_version\":\"11\"}"),
                "room_id");
        names.put("room", room);
        names.put(
                "public",
                text(
                        ok("owner", "POST", "createRoom", "{\"preset\":\"public_chat\",\"room_version\":\"11\"}"),
                        "room_id"));
        names.put(
                "space",
                text(
                        ok(
                                "owner",
                                "POST",
                                "createRoom",
                                "{\"creation_content\":{\"type\":\"m.space\"},\"name\":\"" + EARLY + "\"}"),
                        "room_id"));
        ok("owner", "PUT", "rooms/{space}/state/m.space.child/{room}", "{\"via\":[\"localhost\"]}");
        for (String name : List.of("member", "left", "banned", "ignored", "suspended", "locked")) {
            ok("owner", "POST", "rooms/{room}/invite", "{\"user_id\":\"{" + name + "}\"}");
            ok(name, "POST", "rooms/{room}/join", "{}");
        }
        ok("owner", "POST", "rooms/{room}/invite", "{\"user_id\":\"{invited}\"}");
        names.put("early", sent("owner", "early", EARLY, ""));
        sent("ignored", "ignored", IGNORED, thread());
        ok(
                "ignored",
                "PUT",
                "rooms/{room}/send/m.reaction/r",
                "{\"x\":\"" + IGNORED + "\"" + relation("m.reference") + "}");
        ok("left", "POST", "rooms/{room}/leave", "{}");
        ok("owner", "POST", "rooms/{room}/ban", "{\"user_id\":\"{banned}\"}");
        names.put("late", sent("owner", "late", LATE, thread()));
        ok(
                "owner",
                "PUT",
                "rooms/{room}/send/org.example.sticky/s?org.matrix.msc4354.sticky_duration_ms=3600000",
                "{\"x\":\"" + LATE + "\"}");
        ok("owner", "PUT", "rooms/{room}/state/m.room.topic", "{\"topic\":\"" + LATE + "\"}");
        ok("owner", "PUT", "rooms/{room}/state/m.room.name", "{\"name\":\"" + LATE + "\"}");
        ok("owner", "PUT", "profile/{owner}/displayname", "{\"displayname\":\"" + LATE + "\"}");
        ok("member", "PUT", "user/{member}/account_data/m.ignored_user_list", "{\"ignored_users\":{\"{ignored}\":{}}}");
        ok("admin", "PUT", "/_matrix/client/v1/admin/suspend/{suspended}", "{\"suspended\":true}");
        ok("admin", "PUT", "/_matrix/client/v1/admin/lock/{locked}", "{\"locked\":true}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String thread() {
        return relation("m.thread");
    }

    private String relation(String type) {
        return ",\"m.relates_to\":{\"rel_type\":\"" + type + "\",\"event_id\":\"" + names.get("early") + "\"}";
    }

    private String sent(String who, String transaction, String text, String more) throws Exception {
        return text(
                ok(
                        who,
                        "PUT",
                        "rooms/{room}/send/m.room.message/" + transaction,
                        "{\"msgtype\":\"m.text\",\"body\":\"" + text + "\"" + more + "}"),
                "event_id");
    }

    private static String text(JsonObject json, String name) {
        return json.string(name).orElseThrow();
    }

    private Person register(String name, boolean admin) throws Exception {
        String nonce = text(ok("", "GET", "/_synapse/admin/v1/register", "{}"), "nonce");
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        String signed = nonce + "\0" + name + "\0password of " + name + "\0" + (admin ? "admin" : "notadmin");
        JsonObject answer = ok(
                "",
                "POST",
                "/_synapse/admin/v1/register",
                "{\"nonce\":\"" + nonce + "\",\"username\":\"" + name + "\",\"password\":\"password of " + name
                        + "\",\"admin\":" + admin + ",\"mac\":\""
                        + HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))) + "\"}");
        return new Person(text(answer, "user_id"), text(answer, "access_token"));
    }

    private JsonObject ok(String who, String method, String path, String body) throws Exception {
        Answer answer = ask(who, method, path, body);
        assertThat(answer.status())
                .as(method + " " + path + ": " + answer.text())
                .isEqualTo(200);
        return answer.json();
    }

    private Answer ask(String who, String method, String path, String body) throws IOException, InterruptedException {
        String target =
                path.startsWith("/") ? filled(path, who, true) : "/_matrix/client/v3/" + filled(path, who, true);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.clientPort() + target));
        request.method(
                method,
                method.equals("GET")
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(filled(body, who, false)));
        Person person = people.get(who);
        if (person != null) {
            request.header("Authorization", "Bearer " + person.token());
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    /** The text with what is in braces replaced by what it names. */
    private String filled(String text, String who, boolean isPath) {
        String filled = text.replace("{name}", who);
        Map<String, String> all = new LinkedHashMap<>(names);
        Person me = people.get(who);
        if (me != null) {
            all.put("me", me.user());
        }
        for (Map.Entry<String, String> name : all.entrySet()) {
            String value = isPath ? URLEncoder.encode(name.getValue(), StandardCharsets.UTF_8) : name.getValue();
            filled = filled.replace("{" + name.getKey() + "}", value);
        }
        return filled;
    }

    static List<Rule> rules() {
        return RoomRules.all();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void isKept(Rule rule) throws Exception {
        Answer answer = ask(rule.who(), rule.method(), rule.path(), rule.body());
        assertThat(rule.statuses()).as(answer.text()).contains(answer.status());
        for (String hidden : hidden(rule.who())) {
            assertThat(answer.text()).doesNotContain(hidden);
        }
        if (answer.status() >= 400) {
            assertThat(answer.json().string("errcode")).isPresent();
        }
    }

    private static List<String> hidden(String who) {
        return switch (who) {
            case "left", "banned" -> List.of(LATE);
            case "member" -> List.of(IGNORED);
            case "invited" -> List.of(IGNORED, "\"body\":\"" + EARLY, "\"body\":\"" + LATE);
            default -> List.of(EARLY, LATE, IGNORED);
        };
    }

    @Test
    void administratorsSeeAUsersRoomsAndAccountData() throws Exception {
        String user = "/_synapse/admin/v1/users/{member}/";
        JsonObject joined = ok("admin", "GET", user + "joined_rooms", "");
        assertThat(joined.toString()).contains(names.get("room"));
        assertThat(joined.integer("total")).hasValue(1);
        assertThat(ok("admin", "GET", user.replace("member", "left") + "memberships", "")
                        .toString())
                .contains("\"" + names.get("room") + "\":\"leave\"");
        assertThat(ok("admin", "GET", user + "accountdata", "").toString())
                .contains("{\"global\":{")
                .contains("m.ignored_user_list")
                .contains("\"rooms\":{");
        assertThat(ok("admin", "GET", user + "pushers", "").toString()).isEqualTo("{\"pushers\":[],\"total\":0}");
        assertThat(ask("admin", "GET", "/_synapse/admin/v1/users/@nobody:localhost/accountdata", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void thereAreManyRules() {
        assertThat(RoomRules.all()).hasSizeGreaterThan(250);
    }
}
