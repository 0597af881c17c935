package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What somebody may not see or do with accounts: one test for each rule. A rule is an endpoint, who asks, and how they are
 * refused. {@code {self}} in a path is whoever asks, {@code {other}} another user.
 */
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountRulesIT {
    private static final String ROOM = "!room:localhost";
    private static final String ADMIN = "/_synapse/admin/";

    /** Requests that need an access token. */
    private static final List<String> NEED_A_TOKEN = List.of(
            "GET /account/whoami",
            "POST /account/deactivate",
            "GET /account/3pid",
            "POST /account/3pid",
            "POST /account/3pid/add",
            "POST /account/3pid/bind",
            "POST /account/3pid/unbind",
            "POST /account/3pid/delete",
            "GET /devices",
            "GET /devices/SOME",
            "PUT /devices/SOME",
            "DELETE /devices/SOME",
            "POST /delete_devices",
            "GET /capabilities",
            "PUT /profile/{self}/displayname",
            "PUT /profile/{self}/avatar_url",
            "DELETE /profile/{self}/displayname",
            "PUT /profile/{self}/org.example.field",
            "DELETE /profile/{self}/org.example.field",
            "GET /user/{self}/account_data/org.example",
            "PUT /user/{self}/account_data/org.example",
            "GET /user/{self}/rooms/" + ROOM + "/account_data/org.example",
            "PUT /user/{self}/rooms/" + ROOM + "/account_data/org.example",
            "GET /user/{self}/rooms/" + ROOM + "/tags",
            "PUT /user/{self}/rooms/" + ROOM + "/tags/u.tag",
            "DELETE /user/{self}/rooms/" + ROOM + "/tags/u.tag",
            "POST /user/{self}/filter",
            "GET /user/{self}/filter/0",
            "POST /user/{self}/openid/request_token",
            "GET /pushrules/",
            "GET /voip/turnServer",
            "POST /_matrix/client/v1/login/get_token",
            "GET /admin/whois/{self}");

    /** Requests of administrators. */
    private static final List<String> ADMINISTRATORS = List.of(
            "GET /admin/whois/{other}",
            "GET /_matrix/client/v1/admin/lock/{other}",
            "PUT /_matrix/client/v1/admin/lock/{other}",
            "GET /_matrix/client/v1/admin/suspend/{other}",
            "PUT /_matrix/client/v1/admin/suspend/{other}",
            "GET " + ADMIN + "v1/whois/{other}",
            "GET " + ADMIN + "v2/users",
            "GET " + ADMIN + "v3/users",
            "GET " + ADMIN + "v2/users/{other}",
            "PUT " + ADMIN + "v2/users/{other}",
            "GET " + ADMIN + "v2/users/@nobody:localhost",
            "PUT " + ADMIN + "v2/users/@nobody:localhost",
            "GET " + ADMIN + "v2/users/{other}/devices",
            "GET " + ADMIN + "v2/users/{other}/devices/SOME",
            "PUT " + ADMIN + "v2/users/{other}/devices/SOME",
            "DELETE " + ADMIN + "v2/users/{other}/devices/SOME",
            "POST " + ADMIN + "v2/users/{other}/delete_devices",
            "POST " + ADMIN + "v1/deactivate/{other}",
            "POST " + ADMIN + "v1/reset_password/{other}",
            "POST " + ADMIN + "v1/users/{other}/login",
            "GET " + ADMIN + "v1/users/{other}/admin",
            "PUT " + ADMIN + "v1/users/{self}/admin",
            "PUT " + ADMIN + "v1/suspend/{other}",
            "GET " + ADMIN + "v1/username_available?username=free",
            "GET " + ADMIN + "v1/threepid/email/users/a@example.org",
            "GET " + ADMIN + "v1/registration_tokens",
            "GET " + ADMIN + "v1/registration_tokens/some",
            "POST " + ADMIN + "v1/registration_tokens/new",
            "PUT " + ADMIN + "v1/registration_tokens/some",
            "DELETE " + ADMIN + "v1/registration_tokens/some");

    /** What a user may not do to another. */
    private static final List<String> OF_ANOTHER = List.of(
            "PUT /profile/{other}/displayname",
            "PUT /profile/{other}/avatar_url",
            "PUT /profile/{other}/org.example.field",
            "DELETE /profile/{other}/displayname",
            "GET /user/{other}/account_data/org.example",
            "PUT /user/{other}/account_data/org.example",
            "GET /user/{other}/rooms/" + ROOM + "/account_data/org.example",
            "PUT /user/{other}/rooms/" + ROOM + "/account_data/org.example",
            "GET /user/{other}/rooms/" + ROOM + "/tags",
            "PUT /user/{other}/rooms/" + ROOM + "/tags/u.tag",
            "DELETE /user/{other}/rooms/" + ROOM + "/tags/u.tag",
            "POST /user/{other}/filter",
            "GET /user/{other}/filter/0",
            "POST /user/{other}/openid/request_token");

    private static final List<String> NOT_FOR_GUESTS = List.of(
            "POST /account/deactivate",
            "POST /account/password",
            "GET /account/3pid",
            "POST /account/3pid",
            "POST /account/3pid/add",
            "POST /account/3pid/bind",
            "POST /account/3pid/unbind",
            "POST /account/3pid/delete",
            "DELETE /devices/SOME",
            "POST /delete_devices",
            "PUT /profile/{self}/avatar_url",
            "PUT /profile/{self}/org.example.field",
            "PUT /user/{self}/rooms/" + ROOM + "/tags/u.tag",
            "DELETE /user/{self}/rooms/" + ROOM + "/tags/u.tag",
            "POST /user/{self}/openid/request_token",
            "POST /_matrix/client/v1/login/get_token");

    private static final List<String> NOT_FOR_SUSPENDED = List.of(
            "PUT /profile/{self}/displayname",
            "PUT /profile/{self}/avatar_url",
            "PUT /profile/{self}/org.example.field",
            "DELETE /profile/{self}/displayname",
            "DELETE /profile/{self}/avatar_url",
            "POST /account/3pid/delete");

    /** What nobody may do though they are logged in, without proving again who they are. */
    private static final List<String> NEED_A_PROOF = List.of(
            "POST /account/deactivate",
            "POST /account/password",
            "POST /account/3pid/add",
            "DELETE /devices/SOME",
            "POST /delete_devices",
            "POST /_matrix/client/v1/login/get_token");

    /** Who asks. */
    enum Who {
        NOBODY(401, "M_MISSING_TOKEN"),
        WITH_AN_INVENTED_TOKEN(401, "M_UNKNOWN_TOKEN"),
        LOGGED_OUT(401, "M_UNKNOWN_TOKEN"),
        DEACTIVATED(401, "M_UNKNOWN_TOKEN"),
        LOCKED(401, "M_USER_LOCKED"),
        SUSPENDED(403, "M_USER_SUSPENDED"),
        GUEST(403, "M_GUEST_ACCESS_FORBIDDEN"),
        USER(403, "M_FORBIDDEN");

        final int status;
        final String errcode;

        Who(int status, String errcode) {
            this.status = status;
            this.errcode = errcode;
        }
    }

    /** @param request method and path */
    record Rule(
            Who who, String request, int status, @Nullable String errcode) {
        static Rule of(Who who, String request) {
            return new Rule(who, request, who.status, who.errcode);
        }

        @Override
        public String toString() {
            return who + ": " + request;
        }
    }

    private final Accounts accounts;
    private final User other;
    private final Map<Who, User> askers = new ConcurrentHashMap<>();

    AccountRulesIT(Accounts accounts) {
        this.accounts = accounts;
        this.other = accounts.register();
    }

    static Stream<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Who who : List.of(Who.NOBODY, Who.WITH_AN_INVENTED_TOKEN, Who.LOGGED_OUT, Who.DEACTIVATED, Who.LOCKED)) {
            NEED_A_TOKEN.forEach(request -> rules.add(Rule.of(who, request)));
            ADMINISTRATORS.forEach(request -> rules.add(Rule.of(who, request)));
        }
        OF_ANOTHER.forEach(request -> rules.add(Rule.of(Who.USER, request)));
        ADMINISTRATORS.forEach(request -> rules.add(Rule.of(Who.USER, request)));
        ADMINISTRATORS.forEach(request -> rules.add(new Rule(Who.GUEST, request, 403, "M_FORBIDDEN")));
        NOT_FOR_GUESTS.forEach(request -> rules.add(Rule.of(Who.GUEST, request)));
        NOT_FOR_SUSPENDED.forEach(request -> rules.add(Rule.of(Who.SUSPENDED, request)));
        NEED_A_PROOF.forEach(request -> rules.add(new Rule(Who.USER, request, 401, null)));
        return rules.stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void refuses(Rule rule) {
        User asker = askers.computeIfAbsent(rule.who(), this::asker);
        String[] parts = rule.request()
                .replace("{self}", asker.id())
                .replace("{other}", other.id())
                .split(" ", 2);
        String body = parts[0].equals("GET") || parts[0].equals("DELETE") ? null : body(parts[1]);
        var answer = asker.client().send(parts[0], parts[1], body);
        if (rule.errcode() == null) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(rule.status());
            assertThat(answer.text()).contains("\"flows\"");
        } else {
            answer.isRefused(rule.status(), rule.errcode());
        }
    }

    /** One that would be taken, so that nothing but the rule refuses the request. */
    private static String body(String path) {
        if (path.contains("/profile/")) {
            String field = path.substring(path.lastIndexOf('/') + 1);
            return "{\"" + field + "\":\"mxc://a/b\"}";
        }
        return """
            {"devices": ["SOME"], "locked": true, "suspended": true, "suspend": true, "admin": true,
             "new_password": "secret", "password": "secret", "display_name": "Name", "sid": "none", "client_secret": "none",
             "medium": "email", "address": "a@example.org", "id_server": "localhost:1", "id_access_token": "none",
             "three_pid_creds": {"sid": "none", "client_secret": "none"}}\
            """;
    }

    private User asker(Who who) {
        MatrixClient administrator = accounts.administrator().client();
        return switch (who) {
            case NOBODY -> new User("nobody", accounts.nobody(), "");
            case WITH_AN_INVENTED_TOKEN ->
                new User("invented", accounts.nobody().with("invented"), "invented");
            case GUEST -> guest();
            case USER -> accounts.register();
            case LOGGED_OUT -> {
                User user = accounts.register();
                user.client().post("/logout", "{}").ok();
                yield user;
            }
            case DEACTIVATED -> {
                User user = accounts.register();
                administrator.post(ADMIN + "v1/deactivate/" + user.id(), "{}").ok();
                yield user;
            }
            case LOCKED -> {
                User user = accounts.register();
                administrator
                        .put("/_matrix/client/v1/admin/lock/" + user.id(), "{\"locked\":true}")
                        .ok();
                yield user;
            }
            case SUSPENDED -> {
                User user = accounts.register();
                administrator
                        .put("/_matrix/client/v1/admin/suspend/" + user.id(), "{\"suspended\":true}")
                        .ok();
                yield user;
            }
        };
    }

    private User guest() {
        var answer = accounts.nobody().post("/register?kind=guest", "{}").ok();
        String id = answer.string("user_id").orElseThrow();
        String token = answer.string("access_token").orElseThrow();
        return new User(id.substring(1, id.indexOf(':')), accounts.nobody().with(token), token);
    }
}
