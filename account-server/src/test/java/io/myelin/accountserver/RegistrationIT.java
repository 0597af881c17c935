package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.InternalSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How accounts come to be. */
@ExtendWith(SharedServer.class)
class RegistrationIT {
    private final Accounts accounts;

    RegistrationIT(Accounts accounts) {
        this.accounts = accounts;
    }

    @Test
    void registersInTwoSteps() {
        var challenge = accounts.nobody().post("/register", "{\"username\":\"two.steps\",\"password\":\"secret\"}");
        assertThat(challenge.status()).isEqualTo(401);
        String session = challenge.body().string("session").orElseThrow();
        JsonObject answer =
                accounts.nobody().post("/register", """
                {"username": "two.steps", "password": "secret", "device_id": "MINE",
                 "auth": {"type": "m.login.dummy", "session": "%s"}}""".formatted(session)).ok();
        assertThat(answer.string("user_id")).contains("@two.steps:localhost");
        assertThat(answer.string("device_id")).contains("MINE");
        accounts.nobody().get("/register/available?username=two.steps").isRefused(400, "M_USER_IN_USE");
        accounts.nobody().post("/register", "{\"username\":\"Two.Steps\"}").isRefused(400, "M_USER_IN_USE");
    }

    @Test
    void refusesNamesThatAreNone() {
        accounts.nobody().post("/register", "{\"username\":\"bad name\"}").isRefused(400, "M_INVALID_USERNAME");
        accounts.nobody().post("/register", "{\"username\":\"\"}").isRefused(400, "M_INVALID_USERNAME");
        accounts.nobody()
                .post("/register", "{\"username\":\"%s\"}".formatted("x".repeat(255)))
                .isRefused(400, "M_INVALID_USERNAME");
        accounts.nobody().post("/register", "{\"username\":5}").isRefused(400, "M_BAD_JSON");
        accounts.nobody().get("/register/available").isRefused(400, "M_MISSING_PARAM");
        assertThat(accounts.nobody()
                        .get("/register/available?username=nobody.yet")
                        .text())
                .isEqualTo("{\"available\":true}");
    }

    @Test
    void registersGuestsWhoMayDoLess() {
        JsonObject guest = accounts.nobody().post("/register?kind=guest", "{}").ok();
        MatrixClient client =
                accounts.nobody().with(guest.string("access_token").orElseThrow());
        assertThat(client.get("/account/whoami").ok().bool("is_guest")).contains(true);
        client.post("/account/password", "{}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        client.put("/devices/" + guest.string("device_id").orElseThrow(), "{\"display_name\":\"Tablet\"}")
                .ok();
        String profile = "/profile/" + guest.string("user_id").orElseThrow() + "/";
        client.put(profile + "displayname", "{\"displayname\":\"Visitor\"}").ok();
        for (String field : List.of("avatar_url", "org.example.mood")) {
            client.put(profile + field, "{\"" + field + "\":\"mxc://a/b\"}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
            client.delete(profile + field).isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        }
    }

    @Test
    void registersAdministratorsByTheSharedSecret() throws GeneralSecurityException {
        String nonce = accounts.nobody().get("/_synapse/admin/v1/register").field("nonce");
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(RunningServer.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        String code = HexFormat.of()
                .formatHex(mac.doFinal((nonce + "\0boss\0secret\0admin").getBytes(StandardCharsets.UTF_8)));
        String body = """
                {"nonce": "%s", "username": "boss", "password": "secret", "admin": true, "mac": "%s"}""";
        accounts.nobody()
                .post("/_synapse/admin/v1/register", body.formatted(nonce, "00"))
                .isRefused(403, "M_FORBIDDEN");
        accounts.nobody()
                .post("/_synapse/admin/v1/register", body.formatted(nonce, code))
                .ok();
        String another = HexFormat.of()
                .formatHex(mac.doFinal((nonce + "\0boss2\0secret\0admin").getBytes(StandardCharsets.UTF_8)));
        accounts.nobody()
                .post(
                        "/_synapse/admin/v1/register",
                        body.formatted(nonce, another).replace("\"boss\"", "\"boss2\""))
                .isRefused(400, "M_UNKNOWN");
        assertThat(accounts.server()
                        .bean(StoredAccounts.class)
                        .account(UserId.parse("@boss:localhost"))
                        .orElseThrow()
                        .admin())
                .isTrue();
    }

    @Test
    void addsUsersForTheOperatorAlone() {
        String body = "{\"localpart\":\"operator\",\"password\":\"secret\",\"admin\":true}";
        accounts.nobody().post("/_myelin/internal/users", body).isRefused(404, "M_UNRECOGNIZED");
        InternalSecret secret = new InternalSecret(RunningServer.SECRET);
        assertThat(accounts.nobody()
                        .postInternal(secret, "/_myelin/internal/users", body)
                        .field("user_id"))
                .isEqualTo("@operator:localhost");
        accounts.nobody().postInternal(secret, "/_myelin/internal/users", body).isRefused(400, "M_USER_IN_USE");
        accounts.login("operator", "secret").ok();
    }
}
