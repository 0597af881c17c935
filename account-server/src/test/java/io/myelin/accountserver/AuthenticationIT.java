package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.storage.AuthenticationSessionTable;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** User-interactive authentication over several requests, and what a session permits. */
@ExtendWith(SharedServer.class)
class AuthenticationIT {
    private static final String TOKENS = "/_synapse/admin/v1/registration_tokens";

    private final Accounts accounts;

    AuthenticationIT(Accounts accounts) {
        this.accounts = accounts;
    }

    @Test
    void registersOneUserForASession() {
        String session = session("{\"password\":\"secret\"}");
        String again =
                "{\"password\":\"secret\",\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"" + session + "\"}}";
        JsonObject first = accounts.nobody().post("/register", again).ok();
        JsonObject second = accounts.nobody().post("/register", again).ok();
        assertThat(second.string("user_id")).isEqualTo(first.string("user_id"));
        String token = second.string("access_token").orElseThrow();
        assertThat(accounts.nobody().with(token).get("/account/whoami").field("user_id"))
                .isEqualTo(first.string("user_id").orElseThrow());
    }

    @Test
    void registersTheNameOfASessionTwice() {
        String named = "{\"username\":\"twice\",\"password\":\"secret\"%s}";
        String session = session(named.formatted(""));
        String auth = ",\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"" + session + "\"}";
        accounts.nobody().post("/register", named.formatted(auth)).ok();
        accounts.nobody().post("/register", named.formatted(auth)).ok();
        accounts.nobody().post("/register", named.formatted("")).isRefused(400, "M_USER_IN_USE");
    }

    @Test
    void remembersWhatTheFirstRequestSaid() {
        String session = session("""
            {"username": "remembered", "password": "übers3kr1t", "device_id": "xyzzy",
             "initial_device_display_name": "display_name"}\
            """);
        JsonObject answer = accounts.nobody()
                .post("/register", "{\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"" + session + "\"}}")
                .ok();
        MatrixClient client =
                accounts.nobody().with(answer.string("access_token").orElseThrow());
        assertThat(client.get("/devices/xyzzy").field("display_name")).isEqualTo("display_name");
        accounts.login("remembered", "übers3kr1t").ok();
    }

    @Test
    void letsWhatALaterRequestSaysCountButForThePassword() {
        String session = session("{\"username\":\"earlier\",\"password\":\"secret\",\"device_id\":\"KEPT\"}");
        accounts.nobody().post("/register", """
            {"username": "later", "password": "another", "auth": {"session": "%s"}}\
            """.formatted(session)).isRefusedWith(401);
        JsonObject answer = accounts.nobody()
                .post("/register", "{\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"" + session + "\"}}")
                .ok();
        assertThat(answer.string("user_id")).contains("@later:localhost");
        assertThat(answer.string("device_id")).contains("KEPT");
        // The first password stays, as with Synapse.
        accounts.login("later", "secret").ok();
    }

    @Test
    void registersNobodyWithATokenThatWasDeletedMeanwhile() {
        MatrixClient administrator = accounts.administrator().client();
        administrator
                .post(TOKENS + "/new", "{\"token\":\"withdrawn\",\"uses_allowed\":1}")
                .ok();
        administrator.post(TOKENS + "/new", "{\"token\":\"another\"}").ok(); // So that a token can still be asked for.
        String session = session("{\"password\":\"secret\"}");
        // A page completes the stage; the request that registers comes later.
        assertThat(accounts.nobody()
                        .postForm(
                                "/auth/m.login.registration_token/fallback/web",
                                "session=" + session + "&token=withdrawn"))
                .isEqualTo(200);
        administrator.delete(TOKENS + "/withdrawn").ok();
        String register = "{\"auth\":{\"session\":\"" + session + "\"}}";
        accounts.nobody().post("/register", register).isRefused(401, "M_UNKNOWN");
        accounts.nobody().post("/register", register).isRefusedWith(401); // The session needs another token.
    }

    @Test
    void remembersThatNobodyLogsIn() {
        String session = session("{\"username\":\"inhibited\",\"password\":\"secret\",\"inhibit_login\":true}");
        JsonObject answer = accounts.nobody()
                .post("/register", "{\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"" + session + "\"}}")
                .ok();
        assertThat(answer.has("access_token")).isFalse();
    }

    @Test
    void spendsATokenOfOneUseOnce() throws Exception {
        User administrator = accounts.administrator();
        administrator
                .client()
                .post(TOKENS + "/new", "{\"token\":\"once\",\"uses_allowed\":1}")
                .ok();
        assertThat(accounts.nobody()
                        .get("/_matrix/client/v1/register/m.login.registration_token/validity?token=once")
                        .text())
                .isEqualTo("{\"valid\":true}");
        List<Future<Integer>> attempts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String body = """
                    {"username": "once%d", "password": "secret",
                     "auth": {"type": "m.login.registration_token", "token": "once"}}\
                    """.formatted(i);
                attempts.add(threads.submit(
                        () -> accounts.nobody().post("/register", body).status()));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> attempt : attempts) {
            statuses.add(attempt.get());
        }
        assertThat(statuses).containsOnly(200, 401).containsOnlyOnce(200);
        JsonObject token = administrator.client().get(TOKENS + "/once").ok();
        assertThat(token.integer("completed")).hasValue(1);
        assertThat(token.integer("pending")).hasValue(0);
        assertThat(accounts.nobody()
                        .get("/_matrix/client/v1/register/m.login.registration_token/validity?token=once")
                        .text())
                .isEqualTo("{\"valid\":false}");
    }

    @Test
    void givesATokensUseBackIfTheNameIsTaken() {
        User administrator = accounts.administrator();
        administrator
                .client()
                .post(TOKENS + "/new", "{\"token\":\"again\",\"uses_allowed\":1}")
                .ok();
        String session = session("{\"password\":\"secret\"}");
        accounts.nobody()
                .post("/register", """
                    {"username": "%s", "password": "secret",
                     "auth": {"type": "m.login.registration_token", "token": "again", "session": "%s"}}\
                    """.formatted(administrator.name(), session))
                .isRefused(400, "M_USER_IN_USE");
        accounts.nobody().post("/register", """
            {"username": "got-it-back", "password": "secret",
             "auth": {"type": "m.login.registration_token", "token": "again", "session": "%s"}}\
            """.formatted(session)).ok();
    }

    @Test
    void letsAdministratorsAloneMakeTokens() {
        accounts.register().client().get(TOKENS).isRefused(403, "M_FORBIDDEN");
        MatrixClient administrator = accounts.administrator().client();
        String token = administrator.post(TOKENS + "/new", "{}").field("token");
        assertThat(token).hasSize(16);
        administrator.put(TOKENS + "/" + token, "{\"uses_allowed\":3}").ok();
        assertThat(administrator.get(TOKENS + "/" + token).ok().integer("uses_allowed"))
                .hasValue(3);
        administrator.post(TOKENS + "/new", "{\"token\":\"no token\"}").isRefused(400, "M_INVALID_PARAM");
        administrator.post(TOKENS + "/new", "{\"expiry_time\":1}").isRefused(400, "M_INVALID_PARAM");
        administrator.delete(TOKENS + "/" + token).ok();
        administrator.get(TOKENS + "/" + token).isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void permitsOnlyTheRequestThatASessionWasBegunFor() {
        User user = accounts.register();
        accounts.login(user.name(), "secret");
        String challenge =
                user.client().delete("/devices/ONE").body().string("session").orElseThrow();
        String auth = user.auth()
                .replaceFirst("}$", "},\"session\":\"" + challenge + "\"}")
                .replace("\"secret\"},", "\"secret\",");
        user.client().send("DELETE", "/devices/TWO", "{\"auth\":" + auth + "}").isRefused(403, "M_FORBIDDEN");
        user.client().send("DELETE", "/devices/ONE", "{\"auth\":" + auth + "}").ok();
    }

    @Test
    void saysThatASessionIsNotKnown() {
        accounts.nobody()
                .post("/register", "{\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"invented\"}}")
                .isRefused(401, "M_UNKNOWN");
        accounts.nobody()
                .get("/auth/m.login.registration_token/fallback/web?session=invented")
                .isRefused(400, "M_UNKNOWN");
    }

    @Test
    void showsAPersonAPageForATokenAndTakesIt() {
        User administrator = accounts.administrator();
        administrator
                .client()
                .post(TOKENS + "/new", "{\"token\":\"by-page\",\"uses_allowed\":1}")
                .ok();
        String session = session("{\"username\":\"by-page\",\"password\":\"secret\"}");
        String page = "/auth/m.login.registration_token/fallback/web?session=" + session;
        assertThat(accounts.nobody().get(page).text()).contains("<form");
        assertThat(accounts.nobody().post(page, "token=wrong").status()).isEqualTo(401);
        assertThat(accounts.nobody().post(page, "token=by-page").text()).contains("onAuthDone");
        accounts.nobody()
                .post("/register", "{\"auth\":{\"session\":\"" + session + "\"}}")
                .ok();
    }

    /** An instance that died after the decision leaves a session that the same request completes. */
    @Test
    void completesARegistrationWhoseAnswerWasLost() {
        String session = session("{\"username\":\"lost\",\"password\":\"secret\"}");
        UserId user = UserId.parse("@lost:localhost");
        var sessions = accounts.server().bean(AuthenticationSessionTable.class);
        sessions.complete(session, "m.login.dummy", "");
        assertThat(sessions.register(session, user).orElseThrow().isFirst()).isTrue();
        String body = "{\"auth\":{\"session\":\"" + session + "\"}}";
        assertThat(accounts.nobody().post("/register", body).field("user_id")).isEqualTo(user.value());
        assertThat(accounts.nobody().post("/register", body).field("user_id")).isEqualTo(user.value());
    }

    @Test
    void givesNobodyAnAccessTokenWhoOnlyKnowsTheSession() {
        String session = session("{\"username\":\"leaked\",\"password\":\"secret\"}");
        String body = "{\"password\":\"%s\",\"auth\":{\"type\":\"m.login.dummy\",\"session\":\"" + session + "\"}}";
        String token =
                accounts.nobody().post("/register", body.formatted("secret")).field("access_token");
        accounts.nobody().post("/register", body.formatted("another")).isRefused(403, "M_FORBIDDEN");
        accounts.nobody().with(token).post("/account/password", """
            {"new_password": "changed", "auth": {"type": "m.login.password", "user": "leaked",
             "password": "secret"}}\
            """).ok();
        accounts.nobody().post("/register", body.formatted("secret")).isRefused(403, "M_FORBIDDEN");
        accounts.nobody()
                .post("/register", "{\"auth\":{\"session\":\"" + session + "\"}}")
                .isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void upgradesOneGuestForASession() {
        MatrixClient administrator = accounts.administrator().client();
        administrator
                .post(TOKENS + "/new", "{\"token\":\"upgrade\",\"uses_allowed\":1}")
                .ok();
        String session = session("{\"password\":\"secret\"}");
        String body = """
            {"password": "secret", "guest_access_token": "%s",
             "auth": {"type": "m.login.registration_token", "token": "upgrade", "session": "%s"}}\
            """;
        String one = accounts.nobody().post("/register?kind=guest", "{}").field("access_token");
        String other = accounts.nobody().post("/register?kind=guest", "{}").field("access_token");
        accounts.nobody().post("/register", body.formatted(one, session)).ok();
        accounts.nobody().post("/register", body.formatted(other, session)).isRefused(403, "M_FORBIDDEN");
        JsonObject token = administrator.get(TOKENS + "/upgrade").ok();
        assertThat(token.integer("completed")).hasValue(1);
        assertThat(token.integer("pending")).hasValue(0);
    }

    /** Both lock the session and the token: in one order, so that neither waits for the other. */
    @Test
    void holdsATokenAndRegistersAtOnce() throws Exception {
        accounts.administrator()
                .client()
                .post(TOKENS + "/new", "{\"token\":\"at-once\"}")
                .ok();
        var sessions = accounts.server().bean(AuthenticationSessionTable.class);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String session = session("{\"password\":\"secret\"}");
                String type = "m.login.registration_token";
                assertThat(sessions.hold(session, type, "at-once", 0)).isTrue();
                UserId user = UserId.parse("@at-once" + i + ":localhost");
                Future<Boolean> held = threads.submit(() -> sessions.hold(session, type, "at-once", 0));
                Future<Boolean> registered =
                        threads.submit(() -> sessions.register(session, user).isPresent());
                assertThat(held.get()).isTrue();
                assertThat(registered.get()).isTrue();
            }
        }
        assertThat(sessions.hold("deleted", "m.login.registration_token", "at-once", 0))
                .isFalse();
        assertThat(sessions.register("deleted", UserId.parse("@deleted:localhost")))
                .isEmpty();
    }

    private String session(String body) {
        var challenge = accounts.nobody().post("/register", body);
        assertThat(challenge.status()).isEqualTo(401);
        return challenge.body().string("session").orElseThrow();
    }
}
