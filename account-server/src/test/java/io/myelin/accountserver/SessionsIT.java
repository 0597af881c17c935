package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens that are refreshed, exchanged and shown to services; and what administrators do to sessions. */
@ExtendWith(SharedServer.class)
class SessionsIT {
    private final Accounts accounts;

    SessionsIT(Accounts accounts) {
        this.accounts = accounts;
    }

    @Test
    void refreshesASession() {
        JsonObject login = refreshable(accounts.register());
        String refreshToken = login.string("refresh_token").orElseThrow();
        assertThat(login.integer("expires_in_ms")).hasValue(300_000);
        JsonObject next = refresh(refreshToken).ok();
        MatrixClient before =
                accounts.nobody().with(login.string("access_token").orElseThrow());
        MatrixClient after = accounts.nobody().with(next.string("access_token").orElseThrow());
        before.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(after.get("/account/whoami").field("device_id"))
                .isEqualTo(login.string("device_id").orElseThrow());
    }

    @Test
    void endsASessionWhoseRefreshTokenIsUsedAgain() {
        JsonObject login = refreshable(accounts.register());
        String first = login.string("refresh_token").orElseThrow();
        String second = refresh(first).field("refresh_token");
        JsonObject third = refresh(second).ok();
        refresh(first).isRefused(401, "M_UNKNOWN_TOKEN");
        accounts.nobody()
                .with(third.string("access_token").orElseThrow())
                .get("/account/whoami")
                .isRefused(401, "M_UNKNOWN_TOKEN");
        refresh(third.string("refresh_token").orElseThrow()).isRefused(401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void endsTheOldRefreshTokenWithTheFirstUseOfTheNewAccessToken() {
        String first = refreshable(accounts.register()).string("refresh_token").orElseThrow();
        refresh(first).ok(); // The client does not get this answer.
        JsonObject next = refresh(first).ok();
        MatrixClient client = accounts.nobody().with(next.string("access_token").orElseThrow());
        client.get("/account/whoami").ok();
        client.get("/account/whoami").ok();
        refresh(first).isRefused(401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void endsWhatASessionHasIssuedWithTheSession() {
        User user = accounts.register();
        String openId =
                user.client().post(user.path() + "/openid/request_token", "{}").field("access_token");
        String login = user.client()
                .post("/_matrix/client/v1/login/get_token", "{\"auth\":%s}".formatted(user.auth()))
                .field("login_token");
        String userInfo = "/_matrix/federation/v1/openid/userinfo?access_token=" + openId;
        accounts.nobody().get(userInfo).ok();
        user.client().post("/logout", "{}").ok();
        accounts.nobody().get(userInfo).isRefused(401, "M_UNKNOWN_TOKEN");
        accounts.nobody()
                .post("/login", "{\"type\":\"m.login.token\",\"token\":\"%s\"}".formatted(login))
                .isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void refusesWhatIsNoRefreshToken() {
        refresh("nothing").isRefused(401, "M_UNKNOWN_TOKEN");
        refresh(accounts.register().token()).isRefused(401, "M_UNKNOWN_TOKEN");
        accounts.nobody().post("/refresh", "{}").isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void logsInOnceByALoginToken() throws Exception {
        User user = accounts.register();
        assertThat(user.client()
                        .post("/_matrix/client/v1/login/get_token", "{}")
                        .status())
                .isEqualTo(401);
        String token = user.client()
                .post("/_matrix/client/v1/login/get_token", "{\"auth\":%s}".formatted(user.auth()))
                .field("login_token");
        String login = "{\"type\":\"m.login.token\",\"token\":\"%s\"}".formatted(token);
        List<Future<Integer>> attempts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                attempts.add(threads.submit(
                        () -> accounts.nobody().post("/login", login).status()));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> attempt : attempts) {
            statuses.add(attempt.get());
        }
        assertThat(statuses).containsOnly(200, 403).containsOnlyOnce(200);
        accounts.nobody()
                .post("/login", "{\"type\":\"m.login.token\",\"token\":\"invented\"}")
                .isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void provesAUserToAService() {
        User user = accounts.register();
        JsonObject token =
                user.client().post(user.path() + "/openid/request_token", "{}").ok();
        assertThat(token.string("matrix_server_name")).contains("localhost");
        String userInfo = "/_matrix/federation/v1/openid/userinfo";
        assertThat(accounts.nobody()
                        .get(userInfo + "?access_token="
                                + token.string("access_token").orElseThrow())
                        .field("sub"))
                .isEqualTo(user.id());
        accounts.nobody().get(userInfo + "?access_token=an/invalid/token").isRefused(401, "M_UNKNOWN_TOKEN");
        accounts.nobody().get(userInfo).isRefused(401, "M_MISSING_TOKEN");
        user.client()
                .post("/user/@somebody:localhost/openid/request_token", "{}")
                .isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void letsALockedUserOnlyLogOut() {
        User user = accounts.register();
        MatrixClient administrator = accounts.administrator().client();
        String lock = "/_matrix/client/v1/admin/lock/" + user.id();
        administrator.put(lock, "{\"locked\":true}").ok();
        assertThat(administrator.get(lock).text()).isEqualTo("{\"locked\":true}");
        var refused = user.client().get("/account/whoami");
        refused.isRefused(401, "M_USER_LOCKED");
        assertThat(refused.body().bool("soft_logout")).contains(true);
        accounts.login(user.name(), "secret").isRefused(401, "M_USER_LOCKED");
        administrator.put(lock, "{\"locked\":false}").ok();
        user.client().get("/account/whoami").ok();
        administrator.put(lock, "{\"locked\":true}").ok();
        user.client().post("/logout", "").ok();
        administrator.put(lock, "{\"locked\":false}").ok();
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
    }

    @Test
    void letsASuspendedUserChangeNothingThatOthersSee() {
        User user = accounts.register();
        MatrixClient administrator = accounts.administrator().client();
        String suspend = "/_matrix/client/v1/admin/suspend/" + user.id();
        administrator.put(suspend, "{\"suspended\":true}").ok();
        String name = "/profile/" + user.id() + "/displayname";
        user.client().put(name, "{\"displayname\":\"Mallory\"}").isRefused(403, "M_USER_SUSPENDED");
        user.client().delete(name).isRefused(403, "M_USER_SUSPENDED");
        user.client().get("/account/whoami").ok();
        accounts.login(user.name(), "secret").ok();
        administrator.put(suspend, "{\"suspended\":false}").ok();
        user.client().put(name, "{\"displayname\":\"Alice\"}").ok();
    }

    @Test
    void letsAdministratorsAloneRestrictOthers() {
        User user = accounts.register();
        User administrator = accounts.administrator();
        for (String what : List.of("lock", "suspend")) {
            String path = "/_matrix/client/v1/admin/" + what + "/";
            String body = "{\"" + what + "ed\":true}";
            user.client().put(path + administrator.id(), body).isRefused(403, "M_FORBIDDEN");
            user.client().get(path + "@nobody:localhost").isRefused(403, "M_FORBIDDEN");
            administrator.client().put(path + administrator.id(), body).isRefused(403, "M_FORBIDDEN");
            administrator.client().put(path + "@a:elsewhere", body).isRefused(400, "M_INVALID_PARAM");
            administrator.client().put(path + "@nobody:localhost", body).isRefused(404, "M_NOT_FOUND");
            administrator.client().put(path + user.id(), "{}").isRefused(400, "M_MISSING_PARAM");
            administrator
                    .client()
                    .put(path + accounts.administrator().id(), body)
                    .isRefused(403, "M_FORBIDDEN");
        }
    }

    @Test
    void tellsFromWhereADeviceWasSeen() {
        User user = accounts.register();
        String whois = "/admin/whois/" + user.id();
        await().until(() -> user.client().get(whois).text().contains("\"user_agent\""));
        accounts.administrator().client().get(whois).ok();
        accounts.register().client().get(whois).isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void makesAnOrdinaryUserOfAGuest() {
        JsonObject guest = accounts.nobody().post("/register?kind=guest", "{}").ok();
        String token = guest.string("access_token").orElseThrow();
        String name = guest.string("user_id").orElseThrow().substring(1).split(":", -1)[0];
        String body = """
            {"username": "%s", "password": "secret", "guest_access_token": "%s", "auth": {"type": "m.login.dummy"}}\
            """;
        accounts.nobody().post("/register", body.formatted("another", token)).isRefused(400, "M_INVALID_USERNAME");
        JsonObject user =
                accounts.nobody().post("/register", body.formatted(name, token)).ok();
        assertThat(user.string("user_id")).isEqualTo(guest.string("user_id"));
        accounts.nobody().with(token).get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(accounts.nobody()
                        .with(user.string("access_token").orElseThrow())
                        .get("/account/whoami")
                        .ok()
                        .has("is_guest"))
                .isFalse();
        accounts.login(name, "secret").ok();
    }

    private JsonObject refreshable(User user) {
        return accounts.nobody().post("/login", """
            {"type": "m.login.password", "user": "%s", "password": "secret", "refresh_token": true}\
            """.formatted(user.name())).ok();
    }

    private MatrixClient.Answer refresh(String token) {
        return accounts.nobody().post("/refresh", "{\"refresh_token\":\"" + token + "\"}");
    }
}
