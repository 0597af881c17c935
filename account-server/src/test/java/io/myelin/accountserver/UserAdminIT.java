package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Synapse's admin API, as far as users go. */
@ExtendWith(SharedServer.class)
class UserAdminIT {
    private static final String V1 = "/_synapse/admin/v1/";
    private static final String USERS = "/_synapse/admin/v2/users/";

    private final Accounts accounts;
    private final MatrixClient administrator;

    UserAdminIT(Accounts accounts) {
        this.accounts = accounts;
        this.administrator = accounts.administrator().client();
    }

    @Test
    void makesAndChangesAUser() {
        String user = USERS + "@made:localhost";
        administrator.get(user).isRefused(404, "M_NOT_FOUND");
        var made = administrator.put(user, """
            {"password": "secret", "displayname": "Made", "avatar_url": "mxc://a/b",
             "threepids": [{"medium": "email", "address": "Made@Example.org"}]}\
            """);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        accounts.login("made", "secret").ok();
        JsonObject seen = administrator.get(user).ok();
        assertThat(seen.string("displayname")).contains("Made");
        assertThat(seen.string("avatar_url")).contains("mxc://a/b");
        assertThat(seen.toString()).contains("made@example.org");
        assertThat(administrator
                        .get(V1 + "threepid/email/users/made@example.org")
                        .field("user_id"))
                .isEqualTo("@made:localhost");
        administrator
                .put(user, "{\"displayname\":\"\",\"threepids\":[],\"locked\":true}")
                .ok();
        assertThat(administrator.get(user).ok().get("displayname")).hasToString("null");
        administrator.get(V1 + "threepid/email/users/made@example.org").isRefused(404, "M_NOT_FOUND");
        accounts.login("made", "secret").isRefused(401, "M_USER_LOCKED");
        administrator.put(user, "{\"locked\":false,\"deactivated\":true}").ok();
        accounts.login("made", "secret").isRefused(403, "M_FORBIDDEN");
        administrator.put(user, "{\"deactivated\":false}").isRefused(400, "M_UNKNOWN");
        administrator
                .put(user, "{\"deactivated\":true,\"displayname\":\"Dropped\"}")
                .isRefused(400, "M_UNKNOWN");
        administrator.put(user, "{\"deactivated\":true}").ok();
    }

    @Test
    void makesAUserWhoIsClosedOrLockedFromTheStart() {
        var closed = administrator.put(USERS + "@closed:localhost", "{\"password\":\"secret\",\"deactivated\":true}");
        assertThat(closed.status()).as(closed.text()).isEqualTo(201);
        assertThat(closed.text()).contains("\"deactivated\":true");
        accounts.login("closed", "secret").isRefused(403, "M_FORBIDDEN");
        administrator.put(USERS + "@locked:localhost", "{\"password\":\"secret\",\"locked\":true}");
        accounts.login("locked", "secret").isRefused(401, "M_USER_LOCKED");
        User user = accounts.register();
        administrator.put(USERS + user.id(), "{\"password\":\"other\",\"deactivated\":true}").ok();
        accounts.login(user.name(), "other").isRefused(403, "M_FORBIDDEN");
    }

    /** One rule: what takes an account from its user is not done to an administrator while they are one. */
    @Test
    void takesNoAccountFromAnotherAdministrator() {
        User other = accounts.administrator();
        String user = USERS + other.id();
        for (String change : List.of(
                "{\"password\":\"stolen\"}",
                "{\"locked\":true}",
                "{\"suspended\":true}",
                "{\"deactivated\":true}",
                "{\"external_ids\":[]}",
                "{\"threepids\":[{\"medium\":\"email\",\"address\":\"mine@example.org\"}]}")) {
            administrator.put(user, change).isRefused(403, "M_FORBIDDEN");
        }
        administrator
                .post(V1 + "reset_password/" + other.id(), "{\"new_password\":\"stolen\"}")
                .isRefused(403, "M_FORBIDDEN");
        administrator.post(V1 + "users/" + other.id() + "/login", "{}").isRefused(403, "M_FORBIDDEN");
        administrator.put(V1 + "suspend/" + other.id(), "{\"suspend\":true}").isRefused(403, "M_FORBIDDEN");
        administrator.post(V1 + "deactivate/" + other.id(), "{}").isRefused(403, "M_FORBIDDEN");
        administrator.put(user, "{\"displayname\":\"Colleague\"}").ok();
        administrator.put(user, "{\"admin\":false,\"locked\":true}").ok();
        assertThat(administrator.get(user).text()).contains("\"admin\":false").contains("\"locked\":true");
    }

    @Test
    void saysForWhomASingleSignOnServiceKnowsAUser() {
        User user = accounts.register();
        String ids = "{\"external_ids\":[{\"auth_provider\":\"cas\",\"external_id\":\"" + user.name() + "\"}]}";
        assertThat(administrator.put(USERS + user.id(), ids).ok().get("external_ids"))
                .hasToString("[{\"auth_provider\":\"cas\",\"external_id\":\"" + user.name() + "\"}]");
        administrator.put(USERS + accounts.register().id(), ids).isRefused(409, "M_UNKNOWN");
        assertThat(administrator
                        .put(USERS + user.id(), "{\"external_ids\":[]}")
                        .ok()
                        .get("external_ids"))
                .hasToString("[]");
        administrator.put(USERS + user.id(), "{\"user_type\":\"bot\"}").isRefused(400, "M_INVALID_PARAM");
        administrator.put(USERS + user.id(), "{\"user_type\":null}").ok();
    }

    @Test
    void makesADeviceThatNobodyHasATokenOf() {
        User user = accounts.register();
        for (int i = 0; i < 2; i++) {
            assertThat(administrator
                            .post(USERS + user.id() + "/devices", "{\"device_id\":\"MADE\"}")
                            .status())
                    .isEqualTo(201);
        }
        JsonObject made = administrator.get(USERS + user.id() + "/devices/MADE").ok();
        assertThat(made.get("last_seen_ts")).hasToString("null");
        administrator.post(USERS + user.id() + "/devices", "{}").isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void makesAnAdministratorAndEndsThat() {
        User user = accounts.register();
        user.client().get(USERS + user.id()).isRefused(403, "M_FORBIDDEN");
        administrator
                .put(V1 + "users/" + user.id() + "/admin", "{\"admin\":true}")
                .ok();
        user.client().get(USERS + user.id()).ok();
        user.client()
                .put(V1 + "users/" + user.id() + "/admin", "{\"admin\":false}")
                .isRefused(400, "M_UNKNOWN");
        administrator.put(USERS + user.id(), "{\"admin\":false}").ok();
        user.client().get(USERS + user.id()).isRefused(403, "M_FORBIDDEN");
        assertThat(administrator.get(V1 + "users/" + user.id() + "/admin").text())
                .isEqualTo("{\"admin\":false}");
    }

    @Test
    void listsUsersPageByPage() {
        for (int i = 0; i < 5; i++) {
            administrator.put(USERS + "@paged" + i + ":localhost", "{\"password\":\"secret\"}");
        }
        administrator.put(USERS + "@paged4:localhost", "{\"deactivated\":true}").ok();
        List<String> pages = new ArrayList<>();
        String from = "0";
        while (from != null) {
            JsonObject page = administrator
                    .get("/_synapse/admin/v2/users?name=PAGED&limit=3&dir=b&from=" + from)
                    .ok();
            assertThat(page.integer("total")).hasValue(4);
            page.array("users")
                    .orElseThrow()
                    .forEach(
                            user -> pages.add(((JsonObject) user).string("name").orElseThrow()));
            from = page.string("next_token").orElse(null);
        }
        assertThat(pages)
                .containsExactly("@paged3:localhost", "@paged2:localhost", "@paged1:localhost", "@paged0:localhost");
        assertThat(administrator
                        .get("/_synapse/admin/v3/users?name=paged&deactivated=true")
                        .text())
                .contains("@paged4:localhost")
                .doesNotContain("@paged3:localhost");
        administrator.get("/_synapse/admin/v2/users?order_by=password").isRefused(400, "M_INVALID_PARAM");
        administrator.get("/_synapse/admin/v2/users?from=-1").isRefused(400, "M_INVALID_PARAM");
        administrator.get("/_synapse/admin/v2/users?limit=much").isRefused(400, "M_INVALID_PARAM");
        for (String order : List.of("name", "is_guest", "admin", "deactivated", "displayname", "creation_ts", "last_seen_ts", "locked", "user_type")) {
            administrator.get("/_synapse/admin/v2/users?order_by=" + order).ok();
        }
    }

    @Test
    void listsUsersWhoseNamesTheDatabaseCannotRead() {
        User user = accounts.register();
        user.client().put("/profile/" + user.id() + "/displayname", "{\"displayname\":\"a\\u0000b\"}");
        administrator
                .get("/_synapse/admin/v2/users?user_id=" + user.id() + "&order_by=displayname")
                .ok();
        administrator.get("/_synapse/admin/v2/users?name=a").ok();
        administrator.get("/_synapse/admin/v2/users?name=%00").isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void setsAPasswordAndEndsSessions() {
        User user = accounts.register();
        administrator
                .post(V1 + "reset_password/" + user.id(), "{\"new_password\":\"other\",\"logout_devices\":false}")
                .ok();
        user.client().get("/account/whoami").ok();
        administrator
                .post(V1 + "reset_password/" + user.id(), "{\"new_password\":\"third\"}")
                .ok();
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        accounts.login(user.name(), "third").ok();
    }

    @Test
    void logsInAsAUser() {
        User user = accounts.register();
        String token =
                administrator.post(V1 + "users/" + user.id() + "/login", "{}").field("access_token");
        assertThat(accounts.nobody().with(token).get("/account/whoami").field("user_id"))
                .isEqualTo(user.id());
        administrator
                .post(V1 + "users/" + user.id() + "/login", "{\"valid_until_ms\":1}")
                .isRefused(400, "M_INVALID_PARAM");
        administrator
                .post(V1 + "users/" + accounts.administrator().id() + "/login", "{}")
                .isRefused(403, "M_FORBIDDEN");
        String soon = administrator
                .post(V1 + "users/" + user.id() + "/login", "{\"valid_until_ms\":99999999999999}")
                .field("access_token");
        accounts.nobody().with(soon).get("/account/whoami").ok();
    }

    @Test
    void seesAndEndsDevices() {
        User user = accounts.register();
        JsonObject devices = administrator.get(USERS + user.id() + "/devices").ok();
        assertThat(devices.integer("total")).hasValue(1);
        String device = ((JsonObject) devices.array("devices").orElseThrow().get(0))
                .string("device_id")
                .orElseThrow();
        String path = USERS + user.id() + "/devices/" + device;
        administrator.put(path, "{\"display_name\":\"Seen\"}").ok();
        assertThat(administrator.get(path).field("display_name")).isEqualTo("Seen");
        administrator.delete(path).ok();
        administrator.get(path).isRefused(404, "M_NOT_FOUND");
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        administrator
                .post(USERS + user.id() + "/delete_devices", "{\"devices\":[\"NONE\"]}")
                .ok();
    }

    @Test
    void closesAnAccount() {
        User user = accounts.register();
        assertThat(administrator
                        .post(V1 + "deactivate/" + user.id(), "{\"erase\":true}")
                        .field("id_server_unbind_result"))
                .isEqualTo("success");
        JsonObject closed = administrator.get(USERS + user.id()).ok();
        assertThat(closed.bool("deactivated")).contains(true);
        assertThat(closed.bool("erased")).contains(true);
        administrator
                .post(V1 + "reset_password/" + user.id(), "{\"new_password\":\"again\"}")
                .isRefused(400, "M_UNKNOWN");
        administrator.get(V1 + "username_available?username=" + user.name()).isRefused(400, "M_USER_IN_USE");
        administrator.get(V1 + "username_available?username=free-name").ok();
    }
}
