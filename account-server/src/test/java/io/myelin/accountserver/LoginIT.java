package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions and devices, from the login to the logout or the end of the account. */
@ExtendWith(SharedServer.class)
class LoginIT {
    private final Accounts accounts;

    LoginIT(Accounts accounts) {
        this.accounts = accounts;
    }

    @Test
    void logsInByPasswordAndByNothingElse() {
        User user = accounts.register();
        assertThat(accounts.login(user.name(), "secret").field("user_id")).isEqualTo(user.id());
        assertThat(accounts.login(user.id(), "secret").field("user_id")).isEqualTo(user.id());
        accounts.login(user.name(), "wrong").isRefused(403, "M_FORBIDDEN");
        accounts.login("nobody", "secret").isRefused(403, "M_FORBIDDEN");
        accounts.login("@" + user.name() + ":elsewhere", "secret").isRefused(403, "M_FORBIDDEN");
        accounts.nobody().post("/login", "{\"type\":\"m.login.magic\"}").isRefused(400, "M_UNKNOWN");
        accounts.nobody().post("/login", "{}").isRefused(400, "M_MISSING_PARAM");
        accounts.nobody()
                .post("/login", "{\"type\":\"m.login.password\",\"user\":[]}")
                .isRefused(400, "M_BAD_JSON");
    }

    @Test
    void knowsASessionNoMoreOnceItHasEnded() {
        User user = accounts.register();
        for (int round = 0; round < 20; round++) {
            MatrixClient session =
                    accounts.nobody().with(accounts.login(user.name(), "secret").field("access_token"));
            assertThat(session.get("/account/whoami").field("user_id")).isEqualTo(user.id());
            session.post("/logout", "").ok();
            session.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        }
        user.client().get("/account/whoami").ok();
    }

    @Test
    void replacesTheTokenOfADevice() {
        User user = accounts.register();
        String body = "{\"type\":\"m.login.password\",\"user\":\"%s\",\"password\":\"secret\",\"device_id\":\"SAME\"}"
                .formatted(user.name());
        MatrixClient first =
                accounts.nobody().with(accounts.nobody().post("/login", body).field("access_token"));
        first.get("/account/whoami").ok();
        MatrixClient second =
                accounts.nobody().with(accounts.nobody().post("/login", body).field("access_token"));
        first.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(second.get("/account/whoami").field("device_id")).isEqualTo("SAME");
    }

    @Test
    void changesAPasswordAndEndsTheOtherSessions() {
        User user = accounts.register();
        MatrixClient other =
                accounts.nobody().with(accounts.login(user.name(), "secret").field("access_token"));
        other.get("/account/whoami").ok();
        assertThat(user.client()
                        .post("/account/password", "{\"new_password\":\"new\"}")
                        .status())
                .isEqualTo(401);
        user.client()
                .post("/account/password", "{\"new_password\":\"new\",\"auth\":%s}".formatted(user.auth()))
                .ok();
        other.get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        user.client().get("/account/whoami").ok();
        accounts.login(user.name(), "secret").isRefused(403, "M_FORBIDDEN");
        accounts.login(user.name().toUpperCase(Locale.ROOT), "new").ok();
    }

    @Test
    void closesAnAccountForEver() {
        User user = accounts.register();
        user.client()
                .post("/account/deactivate", "{\"auth\":%s}".formatted(user.auth()))
                .ok();
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        accounts.login(user.name(), "secret").isRefused(403, "M_FORBIDDEN");
        accounts.nobody().get("/profile/" + user.id()).isRefused(404, "M_NOT_FOUND");
        accounts.nobody().get("/register/available?username=" + user.name()).isRefused(400, "M_USER_IN_USE");
    }

    @Test
    void listsRenamesAndDeletesDevices() {
        User user = accounts.register();
        JsonObject login = accounts.login(user.name(), "secret").ok();
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
                .send("DELETE", "/devices/" + device, "{\"auth\":%s}".formatted(user.auth()))
                .ok();
        user.client().get("/devices/" + device).isRefused(404, "M_NOT_FOUND");
        accounts.nobody()
                .with(login.string("access_token").orElseThrow())
                .get("/account/whoami")
                .isRefused(401, "M_UNKNOWN_TOKEN");
    }
}
