package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.TestEngines;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is asked for outside of test mode only, since conformance tests do without. */
class AskingForAuthenticationIT {
    @Test
    void addsNoAddressByAnAccessTokenAlone() {
        var database = TestEngines.shared().freshDatabase("account_strict");
        try (var server = RunningServer.start(
                new DatabaseLogin(database.url(), database.user(), database.password()),
                Map.of("test-mode", "false", "limits.logins-per-minute", "0"))) {
            var nobody = new MatrixClient(server.port(), null);
            String token = nobody.post("/register", """
                {"username": "alice", "password": "password", "auth": {"type": "m.login.dummy"}}\
                """).field("access_token");
            String creds = "{\"three_pid_creds\":{\"sid\":\"none\",\"client_secret\":\"none\"}}";
            var challenge = nobody.with(token).post("/account/3pid", creds);
            assertThat(challenge.status()).as(challenge.text()).isEqualTo(401);
            assertThat(challenge.text()).contains("m.login.password");
        }
    }
}
