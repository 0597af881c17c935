package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.EntityKey;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountFact.DeviceChanged;
import io.myelin.contracts.account.AccountFact.ProfileChanged;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.testing.TestEngines;
import io.myelin.web.InternalSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccountServerIT {
    private static final String ROOM = "!a%2Froom:localhost";
    private static final Pattern ROWS = Pattern.compile("actual rows=([0-9.]+) loops=([0-9]+)");
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static DatabaseLogin login;
    private static RunningServer server;
    private static MatrixClient nobody;

    @BeforeAll
    static void start() {
        var database = TestEngines.shared().freshDatabase("account_server");
        login = new DatabaseLogin(database.url(), database.user(), database.password());
        server = RunningServer.start(login);
        nobody = new MatrixClient(server.port(), null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A new user who is logged in. */
    private record User(String name, MatrixClient client, String token) {
        String id() {
            return "@" + name + ":localhost";
        }

        String path() {
            return "/user/" + id();
        }
    }

    private static User register() {
        String name = "user" + NAMES.incrementAndGet();
        JsonObject answer = nobody.post("/register", """
                {"username": "%s", "password": "secret", "auth": {"type": "m.login.dummy"}}""".formatted(name)).ok();
        String token = answer.string("access_token").orElseThrow();
        return new User(name, nobody.with(token), token);
    }

    private static MatrixClient.Answer login(String name, String password) {
        return nobody.post("/login", """
                {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "%s"},
                 "password": "%s"}""".formatted(name, password));
    }

    private static String auth(User user) {
        return "{\"type\":\"m.login.password\",\"identifier\":{\"type\":\"m.id.user\",\"user\":\"%s\"},\"password\":\"secret\"}"
                .formatted(user.name());
    }

    @Test
    void registersInTwoSteps() {
        var challenge = nobody.post("/register", "{\"username\":\"two.steps\",\"password\":\"secret\"}");
        assertThat(challenge.status()).isEqualTo(401);
        String session = challenge.body().string("session").orElseThrow();
        JsonObject answer = nobody.post("/register", """
                {"username": "two.steps", "password": "secret", "device_id": "MINE",
                 "auth": {"type": "m.login.dummy", "session": "%s"}}""".formatted(session)).ok();
        assertThat(answer.string("user_id")).contains("@two.steps:localhost");
        assertThat(answer.string("device_id")).contains("MINE");
        nobody.get("/register/available?username=two.steps").isRefused(400, "M_USER_IN_USE");
        nobody.post("/register", "{\"username\":\"Two.Steps\"}").isRefused(400, "M_USER_IN_USE");
    }

    @Test
    void refusesNamesThatAreNone() {
        nobody.post("/register", "{\"username\":\"bad name\"}").isRefused(400, "M_INVALID_USERNAME");
        nobody.post("/register", "{\"username\":\"\"}").isRefused(400, "M_INVALID_USERNAME");
        nobody.post("/register", "{\"username\":\"%s\"}".formatted("x".repeat(255)))
                .isRefused(400, "M_INVALID_USERNAME");
        nobody.post("/register", "{\"username\":5}").isRefused(400, "M_BAD_JSON");
        nobody.get("/register/available").isRefused(400, "M_MISSING_PARAM");
        assertThat(nobody.get("/register/available?username=nobody.yet").text()).isEqualTo("{\"available\":true}");
    }

    @Test
    void registersGuestsWhoMayDoLess() {
        JsonObject guest = nobody.post("/register?kind=guest", "{}").ok();
        MatrixClient client = nobody.with(guest.string("access_token").orElseThrow());
        assertThat(client.get("/account/whoami").ok().bool("is_guest")).contains(true);
        client.post("/account/password", "{}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        String profile = "/profile/" + guest.string("user_id").orElseThrow() + "/";
        client.put(profile + "displayname", "{\"displayname\":\"Visitor\"}").ok();
        for (String field : List.of("avatar_url", "org.example.mood")) {
            client.put(profile + field, "{\"" + field + "\":\"mxc://a/b\"}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
            client.delete(profile + field).isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        }
    }

    @Test
    void registersAdministratorsByTheSharedSecret() throws GeneralSecurityException {
        String nonce = nobody.get("/_synapse/admin/v1/register").field("nonce");
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(RunningServer.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        String code = HexFormat.of()
                .formatHex(mac.doFinal((nonce + "\0boss\0secret\0admin").getBytes(StandardCharsets.UTF_8)));
        String body = """
                {"nonce": "%s", "username": "boss", "password": "secret", "admin": true, "mac": "%s"}""";
        nobody.post("/_synapse/admin/v1/register", body.formatted(nonce, "00")).isRefused(403, "M_FORBIDDEN");
        nobody.post("/_synapse/admin/v1/register", body.formatted(nonce, code)).ok();
        String another = HexFormat.of()
                .formatHex(mac.doFinal((nonce + "\0boss2\0secret\0admin").getBytes(StandardCharsets.UTF_8)));
        nobody.post(
                        "/_synapse/admin/v1/register",
                        body.formatted(nonce, another).replace("\"boss\"", "\"boss2\""))
                .isRefused(400, "M_UNKNOWN");
        assertThat(server.bean(StoredAccounts.class)
                        .account(UserId.parse("@boss:localhost"))
                        .orElseThrow()
                        .admin())
                .isTrue();
    }

    @Test
    void addsUsersForTheOperatorAlone() {
        String body = "{\"localpart\":\"operator\",\"password\":\"secret\",\"admin\":true}";
        nobody.post("/_myelin/internal/users", body).isRefused(404, "M_UNRECOGNIZED");
        InternalSecret secret = new InternalSecret(RunningServer.SECRET);
        assertThat(nobody.postInternal(secret, "/_myelin/internal/users", body).field("user_id"))
                .isEqualTo("@operator:localhost");
        nobody.postInternal(secret, "/_myelin/internal/users", body).isRefused(400, "M_USER_IN_USE");
        login("operator", "secret").ok();
    }

    /** No malformed request may be answered with a server error. */
    @Test
    void answersMutatedRequestsWithMatrixErrors() {
        User user = register();
        List<String> values = List.of("null", "1", "-1", "\"\"", "\"\\u0000\"", "[]", "{}", "[{}]", "true", "\"@x:y\"");
        List<String> fields = List.of(
                "username",
                "password",
                "auth",
                "type",
                "identifier",
                "user",
                "device_id",
                "new_password",
                "initial_device_display_name",
                "inhibit_login",
                "devices",
                "display_name",
                "displayname",
                "order",
                "erase",
                "logout_devices",
                "room",
                "event_fields",
                "kind",
                "admin");
        List<String> paths = List.of(
                "POST /register",
                "POST /login",
                "POST /account/password",
                "POST /account/deactivate",
                "POST /delete_devices",
                "DELETE /devices/x",
                "PUT /devices/x",
                "POST " + user.path() + "/filter",
                "PUT " + user.path() + "/rooms/" + ROOM + "/tags/t",
                "PUT /profile/" + user.id() + "/displayname",
                "PUT " + user.path() + "/account_data/x",
                "POST /register?kind=guest");
        for (String path : paths) {
            String[] parts = path.split(" ", 2);
            for (String field : fields) {
                for (String value : values) {
                    String body =
                            "{\"type\":\"m.login.password\",\"auth\":{\"type\":\"m.login.dummy\",\"%s\":%s},\"%s\":%s}";
                    MatrixClient.Answer answer =
                            user.client().send(parts[0], parts[1], body.formatted(field + "x", value, field, value));
                    assertThat(answer.status())
                            .as(path + " " + field + " " + value + answer.text())
                            .isLessThan(500);
                }
            }
        }
    }

    @Test
    void logsInByPasswordAndByNothingElse() {
        User user = register();
        assertThat(login(user.name(), "secret").field("user_id")).isEqualTo(user.id());
        assertThat(login(user.id(), "secret").field("user_id")).isEqualTo(user.id());
        login(user.name(), "wrong").isRefused(403, "M_FORBIDDEN");
        login("nobody", "secret").isRefused(403, "M_FORBIDDEN");
        login("@" + user.name() + ":elsewhere", "secret").isRefused(403, "M_FORBIDDEN");
        nobody.post("/login", "{\"type\":\"m.login.magic\"}").isRefused(400, "M_UNKNOWN");
        nobody.post("/login", "{}").isRefused(400, "M_MISSING_PARAM");
        nobody.post("/login", "{\"type\":\"m.login.password\",\"user\":[]}").isRefused(400, "M_BAD_JSON");
    }

    @Test
    void knowsASessionNoMoreOnceItHasEnded() {
        User user = register();
        for (int round = 0; round < 20; round++) {
            MatrixClient session = nobody.with(login(user.name(), "secret").field("access_token"));
            assertThat(session.get("/account/whoami").field("user_id")).isEqualTo(user.id());
            session.post("/logout", "").ok();
            session.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        }
        user.client().get("/account/whoami").ok();
    }

    @Test
    void replacesTheTokenOfADevice() {
        User user = register();
        String body = "{\"type\":\"m.login.password\",\"user\":\"%s\",\"password\":\"secret\",\"device_id\":\"SAME\"}"
                .formatted(user.name());
        MatrixClient first = nobody.with(nobody.post("/login", body).field("access_token"));
        first.get("/account/whoami").ok();
        MatrixClient second = nobody.with(nobody.post("/login", body).field("access_token"));
        first.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(second.get("/account/whoami").field("device_id")).isEqualTo("SAME");
    }

    @Test
    void changesAPasswordAndEndsTheOtherSessions() {
        User user = register();
        MatrixClient other = nobody.with(login(user.name(), "secret").field("access_token"));
        other.get("/account/whoami").ok();
        assertThat(user.client()
                        .post("/account/password", "{\"new_password\":\"new\"}")
                        .status())
                .isEqualTo(401);
        user.client()
                .post("/account/password", "{\"new_password\":\"new\",\"auth\":%s}".formatted(auth(user)))
                .ok();
        other.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        user.client().get("/account/whoami").ok();
        login(user.name(), "secret").isRefused(403, "M_FORBIDDEN");
        login(user.name().toUpperCase(Locale.ROOT), "new").ok();
    }

    @Test
    void countsWhatAUserKeeps() {
        User user = register();
        MatrixClient client = user.client();
        String tag = user.path() + "/rooms/" + ROOM + "/tags/u.";
        String large = "{\"a\":\"" + "x".repeat(150 << 10) + "\"}";
        client.put(tag + "one", large).ok();
        client.put(tag + "two", large).isRefused(413, "M_TOO_LARGE");
        client.put(user.path() + "/account_data/org.large", large).ok();
        String filter = client.post(user.path() + "/filter", "{\"room\":{}}").field("filter_id");
        assertThat(client.post(user.path() + "/filter", "{\"room\":{}}").field("filter_id"))
                .isEqualTo(filter);
        assertThat(usage(user))
                .isEqualTo(new UserState.Usage(2, large.length() * 2L + "{\"tags\":{\"u.one\":}}".length(), 1, 11));
    }

    /** The user's usage, as it is loaded when its entity is not in memory. */
    private static UserState usage(User user) {
        UserId id = UserId.parse(user.id());
        return server.bean(ServiceDatabase.class)
                .read(jdbc ->
                        new AccountTables().load(jdbc, Partitions.of(user.id(), 4), new EntityKey.OfData(id).text()));
    }

    @Test
    void closesAnAccountForEver() {
        User user = register();
        user.client()
                .post("/account/deactivate", "{\"auth\":%s}".formatted(auth(user)))
                .ok();
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        login(user.name(), "secret").isRefused(403, "M_FORBIDDEN");
        nobody.get("/profile/" + user.id()).isRefused(404, "M_NOT_FOUND");
        nobody.get("/register/available?username=" + user.name()).isRefused(400, "M_USER_IN_USE");
    }

    @Test
    void remembersWhoWasErased() {
        User erased = register();
        User closed = register();
        erased.client()
                .post("/account/deactivate", "{\"erase\":true,\"auth\":%s}".formatted(auth(erased)))
                .ok();
        closed.client()
                .post("/account/deactivate", "{\"auth\":%s}".formatted(auth(closed)))
                .ok();
        StoredAccounts accounts = server.bean(StoredAccounts.class);
        UserId gone = new UserId(erased.id());
        assertThat(accounts.erased(List.of(new UserId(closed.id()), gone, new UserId("@nobody:localhost"))))
                .containsExactly(gone);
        assertThat(facts(accounts))
                .contains(
                        new AccountFact.AccountDeactivated(gone, true),
                        new AccountFact.AccountDeactivated(new UserId(closed.id()), false));
    }

    /** All facts that a reader gets which starts at the beginning. */
    private static List<AccountFact> facts(StoredAccounts accounts) {
        List<AccountFact> facts = new ArrayList<>();
        for (int shard = 0; shard < 4; shard++) {
            accounts.replay(shard, 0, 10_000).facts().forEach(fact -> facts.add(fact.fact()));
        }
        return facts;
    }

    @Test
    void listsRenamesAndDeletesDevices() {
        User user = register();
        JsonObject login = login(user.name(), "secret").ok();
        String device = login.string("device_id").orElseThrow();
        user.client().put("/devices/" + device, "{\"display_name\":\"Fridge\"}").ok();
        assertThat(user.client().get("/devices/" + device).field("display_name"))
                .isEqualTo("Fridge");
        assertThat(user.client()
                        .get("/devices")
                        .ok()
                        .array("devices")
                        .orElseThrow()
                        .size())
                .isEqualTo(2);
        assertThat(user.client().delete("/devices/" + device).status()).isEqualTo(401);
        user.client()
                .send("DELETE", "/devices/" + device, "{\"auth\":%s}".formatted(auth(user)))
                .ok();
        user.client().get("/devices/" + device).isRefused(404, "M_NOT_FOUND");
        nobody.with(login.string("access_token").orElseThrow())
                .get("/account/whoami")
                .isRefused(401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void keepsProfiles() {
        User user = register();
        String profile = "/profile/" + user.id();
        assertThat(nobody.get(profile + "/displayname").field("displayname")).isEqualTo(user.name());
        user.client()
                .put(profile + "/displayname", "{\"displayname\":\"Grüße 🦊\"}")
                .ok();
        user.client().put(profile + "/m.tz", "{\"m.tz\":\"Europe/Berlin\"}").ok();
        user.client()
                .put(profile + "/org.example.n", "{\"org.example.n\":{\"a\":[1.5,null]}}")
                .ok();
        assertThat(nobody.get(profile).text())
                .isEqualTo(
                        "{\"displayname\":\"Grüße 🦊\",\"m.tz\":\"Europe/Berlin\",\"org.example.n\":{\"a\":[1.5,null]}}");
        user.client().delete(profile + "/m.tz").ok();
        nobody.get(profile + "/m.tz").isRefused(404, "M_NOT_FOUND");
        user.client().put(profile + "/displayname", "{\"displayname\":5}").isRefused(400, "M_BAD_JSON");
        user.client().put(profile + "/displayname", "{}").isRefused(400, "M_MISSING_PARAM");
        user.client().put(profile + "/Bad", "{\"Bad\":1}").isRefused(400, "M_INVALID_PARAM");
        user.client()
                .put("/profile/@other:localhost/displayname", "{\"displayname\":\"x\"}")
                .isRefused(403, "M_FORBIDDEN");
        nobody.get("/profile/@absent:localhost").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void keepsAccountDataOfTheUserAndOfRooms() {
        User user = register();
        String global = user.path() + "/account_data/org.example%2Fslash";
        String ofRoom = user.path() + "/rooms/" + ROOM + "/account_data/org.example";
        user.client().get(global).isRefused(404, "M_NOT_FOUND");
        user.client().put(global, "{\"b\":1.25,\"a\":null}").ok();
        user.client().put(ofRoom, "{\"room\":true}").ok();
        assertThat(user.client().get(global).text()).isEqualTo("{\"a\":null,\"b\":1.25}");
        assertThat(user.client().get(ofRoom).text()).isEqualTo("{\"room\":true}");
        user.client()
                .delete("/_matrix/client/unstable/org.matrix.msc3391/user/" + user.id()
                        + "/account_data/org.example%2Fslash")
                .ok();
        user.client().get(global).isRefused(404, "M_NOT_FOUND");
        user.client().put(user.path() + "/account_data/m.push_rules", "{}").isRefused(405, "M_BAD_JSON");
        user.client().put(user.path() + "/account_data/m.direct", "[]").isRefused(400, "M_BAD_JSON");
        user.client().put("/user/@other:localhost/account_data/m.direct", "{}").isRefused(403, "M_FORBIDDEN");
        user.client()
                .put(user.path() + "/rooms/nonsense/account_data/m.x", "{}")
                .isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void keepsTagsOfRooms() {
        User user = register();
        String tags = user.path() + "/rooms/" + ROOM + "/tags";
        assertThat(user.client().get(tags).text()).isEqualTo("{\"tags\":{}}");
        user.client().put(tags + "/m.favourite", "{\"order\":0.5}").ok();
        user.client().put(tags + "/u.W%C3%B6rk", "{}").ok();
        user.client().put(tags + "/u.x", "{\"order\":\"first\"}").isRefused(400, "M_BAD_JSON");
        assertThat(user.client().get(tags).text())
                .isEqualTo("{\"tags\":{\"m.favourite\":{\"order\":0.5},\"u.Wörk\":{}}}");
        user.client().delete(tags + "/m.favourite").ok();
        assertThat(user.client().get(tags).text()).isEqualTo("{\"tags\":{\"u.Wörk\":{}}}");
    }

    @Test
    void keepsFilters() {
        User user = register();
        String filters = user.path() + "/filter";
        String id = user.client()
                .post(filters, "{\"room\":{\"timeline\":{\"limit\":5}}}")
                .field("filter_id");
        assertThat(user.client()
                        .post(filters, "{\"room\":{\"timeline\":{\"limit\":5}}}")
                        .field("filter_id"))
                .isEqualTo(id);
        assertThat(user.client().get(filters + "/" + id).text()).isEqualTo("{\"room\":{\"timeline\":{\"limit\":5}}}");
        user.client().get(filters + "/nothing").isRefused(404, "M_NOT_FOUND");
        user.client().post(filters, "{\"room\":[]}").isRefused(400, "M_BAD_JSON");
    }

    @Test
    void tellsClientsWhatItCanDo() {
        User user = register();
        assertThat(nobody.get("/_matrix/client/versions").text()).contains("\"v1.1\"", "\"v1.19\"");
        assertThat(nobody.get("/.well-known/matrix/client").text()).contains("\"base_url\":\"http://localhost:8008\"");
        nobody.get("/.well-known/matrix/server").isRefused(404, "M_NOT_FOUND");
        String stable = RoomVersions.supported().stream()
                .map(version -> "\"" + version + "\":\"stable\"")
                .sorted()
                .collect(Collectors.joining(","));
        assertThat(user.client().get("/capabilities").text())
                .contains("\"m.room_versions\":{\"available\":{" + stable + "},\"default\":\"12\"}");
        assertThat(user.client().get("/voip/turnServer").text()).isEqualTo("{}");
        assertThat(user.client().get("/pushrules/").text()).contains(".m.rule.master", user.id());
        assertThat(user.client().get("/account/3pid").text()).isEqualTo("{\"threepids\":[]}");
        nobody.post("/_myelin/internal/users", "{}").isRefused(404, "M_UNRECOGNIZED");
    }

    private int logRowsAbout(User user) {
        return server.bean(ServiceDatabase.class)
                .read(jdbc -> jdbc.sql("SELECT count(*) FROM log WHERE reference LIKE ?")
                        .param("%" + user.id() + "%")
                        .query(Integer.class)
                        .single());
    }

    /** The log has what was published, except what was superseded, and contains no password. */
    @Test
    void replaysWhatItPublished() {
        User user = register();
        user.client()
                .put("/profile/" + user.id() + "/displayname", "{\"displayname\":\"One\"}")
                .ok();
        user.client()
                .put("/profile/" + user.id() + "/displayname", "{\"displayname\":\"Two\"}")
                .ok();
        login(user.name(), "secret").ok();
        user.client().put(user.path() + "/account_data/m.direct", "{\"x\":[]}").ok();
        UserId id = UserId.parse(user.id());
        int shard = Partitions.of(user.id(), 4);
        ReplayPage<AccountFact> page = server.bean(StoredAccounts.class).replay(shard, 0, 10_000);
        List<AccountFact> facts = page.facts().stream()
                .map(Numbered::fact)
                .filter(fact -> id.equals(fact.user()))
                .toList();
        assertThat(facts)
                .hasExactlyElementsOfTypes(
                        AccountFact.AccountRegistered.class,
                        DeviceChanged.class,
                        ProfileChanged.class,
                        DeviceChanged.class,
                        AccountFact.AccountDataChanged.class);
        assertThat(facts.get(2))
                .isInstanceOfSatisfying(
                        ProfileChanged.class,
                        changed -> assertThat(changed.profile().displayName()).isEqualTo("Two"));
        assertThat(logRowsAbout(user)).isEqualTo(facts.size());
        for (AccountFact fact : facts) {
            assertThat(new String(Cbor.encode(fact), StandardCharsets.ISO_8859_1))
                    .doesNotContain("argon2");
        }
    }

    /** However many changes the log has, no step of the query plan takes more rows than twice the number of changes. */
    @Test
    void shortensTheLogInOneGoAndNotForEachPairOfChanges() throws IOException, SQLException {
        int changes = 2_000;
        var database = TestEngines.shared().freshDatabase("account_log");
        String migration;
        try (var file = getClass().getResourceAsStream("/db/migration/account/V2__log_of_the_newest.sql")) {
            migration = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
        String delete = migration.substring(
                migration.indexOf("delete from"), migration.indexOf(';', migration.indexOf("delete from")));
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table log (shard integer, seq bigint, kind smallint, reference text, primary key (shard, seq))");
            statement.execute(
                    "insert into log select 1, n, case when n % 2 = 0 then 6 else 1 end, '[\"@a:b\"]' from generate_series(1, "
                            + changes + ") n");
            statement.execute("analyze log");
            try (ResultSet plan = statement.executeQuery("explain (analyze, timing off, costs off) " + delete)) {
                while (plan.next()) {
                    var step = ROWS.matcher(plan.getString(1));
                    assertThat(!step.find()
                                    || Double.parseDouble(step.group(1)) * Integer.parseInt(step.group(2))
                                            <= 2.0 * changes)
                            .as(plan.getString(1))
                            .isTrue();
                }
            }
            try (ResultSet left = statement.executeQuery(
                    "select count(*), max(seq) filter (where kind = 6), count(*) filter (where kind = 6) from log")) {
                left.next();
                assertThat(left.getInt(1)).isEqualTo(changes / 2 + 1);
                assertThat(left.getInt(2)).isEqualTo(changes);
                assertThat(left.getInt(3)).isEqualTo(1);
            }
        }
    }

    @Test
    void logsNobodyOutByStartingAgain() {
        User user = register();
        server.close();
        server = RunningServer.start(login);
        nobody = nobody.on(server.port());
        assertThat(user.client().on(server.port()).get("/account/whoami").field("user_id"))
                .isEqualTo(user.id());
        login(user.name(), "secret").ok();
    }
}
