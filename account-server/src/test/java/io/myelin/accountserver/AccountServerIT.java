package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountFact.DeviceChanged;
import io.myelin.contracts.account.AccountFact.ProfileChanged;
import io.myelin.contracts.account.KeyFact;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.ServiceDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class AccountServerIT {
    private static final String ROOM = "!a%2Froom:localhost";

    private final Accounts accounts;

    AccountServerIT(Accounts accounts) {
        this.accounts = accounts;
    }

    /** No malformed request may be answered with a server error. */
    @Test
    void answersMutatedRequestsWithMatrixErrors() {
        User user = accounts.register();
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
    void tellsClientsWhatItCanDo() {
        User user = accounts.register();
        assertThat(accounts.nobody().get("/_matrix/client/versions").text()).contains("\"v1.1\"", "\"v1.19\"");
        assertThat(accounts.nobody().get("/.well-known/matrix/client").text())
                .contains("\"base_url\":\"http://localhost:8008\"");
        accounts.nobody().get("/.well-known/matrix/server").isRefused(404, "M_NOT_FOUND");
        String stable = RoomVersions.supported().stream()
                .map(version -> "\"" + version + "\":\"stable\"")
                .sorted()
                .collect(Collectors.joining(","));
        assertThat(user.client().get("/capabilities").text())
                .contains("\"m.room_versions\":{\"available\":{" + stable + "},\"default\":\"12\"}");
        assertThat(user.client().get("/voip/turnServer").text()).isEqualTo("{}");
        assertThat(user.client().get("/pushrules/").text()).contains(".m.rule.master", user.id());
        assertThat(user.client().get("/account/3pid").text()).isEqualTo("{\"threepids\":[]}");
        accounts.nobody().post("/_myelin/internal/users", "{}").isRefused(404, "M_UNRECOGNIZED");
    }

    private int logRowsAbout(User user) {
        return accounts.server()
                .bean(ServiceDatabase.class)
                .read(jdbc -> jdbc.sql("SELECT count(*) FROM log WHERE reference LIKE ?")
                        .param("%" + user.id() + "%")
                        .query(Integer.class)
                        .single());
    }

    /** The log has what was published, except what was superseded, and contains no password. */
    @Test
    void replaysWhatItPublished() {
        User user = accounts.register();
        user.client()
                .put("/profile/" + user.id() + "/displayname", "{\"displayname\":\"One\"}")
                .ok();
        user.client()
                .put("/profile/" + user.id() + "/displayname", "{\"displayname\":\"Two\"}")
                .ok();
        accounts.login(user.name(), "secret").ok();
        user.client().put(user.path() + "/account_data/m.direct", "{\"x\":[]}").ok();
        UserId id = UserId.parse(user.id());
        int shard = Partitions.of(user.id(), 4);
        ReplayPage<AccountFact> page =
                accounts.server().bean(StoredAccounts.class).replay(shard, 0, 10_000);
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
                        KeyFact.DeviceListChanged.class,
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

    @Test
    void logsNobodyOutByStartingAgain() {
        User user = accounts.register();
        accounts.server().restart();
        assertThat(user.client()
                        .on(accounts.server().port())
                        .get("/account/whoami")
                        .field("user_id"))
                .isEqualTo(user.id());
        accounts.login(user.name(), "secret").ok();
    }
}
