package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.matrix.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What account-server does with recaptcha and CAS, and how sessions end. */
class OutsideIT extends WithOutside {
    private static final Pattern LOGIN_TOKEN = Pattern.compile("loginToken=([^\"&]+)");

    @Test
    void asksWhetherARiddleWasSolved() {
        String body = "{\"auth\":{\"type\":\"m.login.recaptcha\",\"response\":\"%s\"}}";
        var solved = nobody().post("/register", body.formatted("solved"));
        assertThat(solved.status()).isEqualTo(401);
        assertThat(solved.text()).contains("\"completed\":[\"m.login.recaptcha\"]");
        nobody().post("/register", body.formatted("wrong")).isRefused(401, "M_CAPTCHA_INVALID");
    }

    @Test
    void logsInBySingleSignOn() {
        casUser = "new_user!" + name();
        String redirect = "https%3A%2F%2Fclient%3Fp%3Dhttp%253A%252F%252Fserver";
        String page = nobody().get("/_matrix/client/r0/login/cas/ticket?redirectUrl=" + redirect + "&ticket=golden")
                .text();
        Matcher token = LOGIN_TOKEN.matcher(page);
        assertThat(token.find()).as(page).isTrue();
        JsonObject login = nobody().post(
                        "/login",
                        "{\"type\":\"m.login.token\",\"token\":\"%s\"}"
                                .formatted(URLDecoder.decode(token.group(1), StandardCharsets.UTF_8)))
                .ok();
        assertThat(login.string("user_id").orElseThrow()).startsWith("@new_user=21");
        assertThat(nobody().get("/_matrix/client/r0/login/cas/ticket?redirectUrl=" + redirect + "&ticket=forged")
                        .status())
                .isEqualTo(401);
        nobody().get("/_matrix/client/r0/login/cas/ticket?redirectUrl=javascript%3Aalert(1)&ticket=golden")
                .isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void confirmsAUserBySingleSignOnAndNobodyElse() {
        User user = register();
        casUser = user.name();
        nobody().get("/_matrix/client/r0/login/cas/ticket?redirectUrl=https%3A%2F%2Fclient&ticket=golden");
        var challenge = user.client().delete("/devices/SOME");
        assertThat(challenge.text()).contains("m.login.sso");
        String session = challenge.body().string("session").orElseThrow();
        String auth = "{\"auth\":{\"session\":\"" + session + "\"}}";
        assertThat(user.client().send("DELETE", "/devices/SOME", auth).status()).isEqualTo(401);
        casUser = "another";
        nobody().get("/_matrix/client/r0/login/cas/ticket?session=" + session + "&ticket=golden");
        user.client().send("DELETE", "/devices/SOME", auth).isRefused(403, "M_FORBIDDEN");
        String next =
                user.client().delete("/devices/SOME").body().string("session").orElseThrow();
        casUser = user.name();
        nobody().get("/_matrix/client/r0/login/cas/ticket?session=" + next + "&ticket=golden");
        user.client()
                .send("DELETE", "/devices/SOME", "{\"auth\":{\"session\":\"" + next + "\"}}")
                .ok();
    }

    @Test
    void endsAnAccessTokenThatCanBeRefreshed() {
        User user = register();
        JsonObject login = nobody().post("/login", """
                {"type": "m.login.password", "user": "%s", "password": "secret", "refresh_token": true}""".formatted(user.name())).ok();
        MatrixClient client = nobody().with(login.string("access_token").orElseThrow());
        await().until(() -> client.get("/account/whoami").status() == 401);
        var refused = client.get("/account/whoami");
        refused.isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(refused.body().bool("soft_logout")).contains(true);
        nobody().post(
                        "/refresh",
                        "{\"refresh_token\":\"%s\"}"
                                .formatted(login.string("refresh_token").orElseThrow()))
                .ok();
    }

    @Test
    void givesClientsAUserOfTheTurnServer() {
        JsonObject turn = register().client().get("/voip/turnServer").ok();
        assertThat(turn.string("username").orElseThrow()).matches("[0-9]{10}:@.*:localhost");
        assertThat(turn.get("uris")).hasToString("[\"turn:turn.example.org?transport=udp\"]");
        assertThat(turn.integer("ttl")).hasValue(3_600);
    }
}
