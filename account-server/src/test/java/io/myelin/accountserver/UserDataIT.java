package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.EntityKey;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.contracts.Partitions;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What account-server keeps for users: profiles, account data, tags and filters. */
@ExtendWith(SharedServer.class)
class UserDataIT {
    private static final String ROOM = "!a%2Froom:localhost";

    private final Accounts accounts;

    UserDataIT(Accounts accounts) {
        this.accounts = accounts;
    }

    @Test
    void countsWhatAUserKeeps() {
        User user = accounts.register();
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
    private UserState usage(User user) {
        UserId id = UserId.parse(user.id());
        return accounts.server()
                .bean(ServiceDatabase.class)
                .read(jdbc ->
                        new AccountTables().load(jdbc, Partitions.of(user.id(), 4), new EntityKey.OfData(id).text()));
    }

    @Test
    void keepsProfiles() {
        User user = accounts.register();
        String profile = "/profile/" + user.id();
        assertThat(accounts.nobody().get(profile + "/displayname").field("displayname"))
                .isEqualTo(user.name());
        assertThat(accounts.nobody().get(profile + "/avatar_url").text()).isEqualTo("{}");
        user.client()
                .put(profile + "/displayname", "{\"displayname\":\"Grüße 🦊\"}")
                .ok();
        user.client().put(profile + "/m.tz", "{\"m.tz\":\"Europe/Berlin\"}").ok();
        user.client()
                .put(profile + "/org.example.n", "{\"org.example.n\":{\"a\":[1.5,null]}}")
                .ok();
        assertThat(accounts.nobody().get(profile).text())
                .isEqualTo(
                        "{\"displayname\":\"Grüße 🦊\",\"m.tz\":\"Europe/Berlin\",\"org.example.n\":{\"a\":[1.5,null]}}");
        user.client().delete(profile + "/m.tz").ok();
        accounts.nobody().get(profile + "/m.tz").isRefused(404, "M_NOT_FOUND");
        user.client().put(profile + "/displayname", "{\"displayname\":5}").isRefused(400, "M_BAD_JSON");
        user.client().put(profile + "/displayname", "{}").isRefused(400, "M_MISSING_PARAM");
        user.client().put(profile + "/Bad", "{\"Bad\":1}").isRefused(400, "M_INVALID_PARAM");
        user.client()
                .put("/profile/@other:localhost/displayname", "{\"displayname\":\"x\"}")
                .isRefused(403, "M_FORBIDDEN");
        accounts.nobody().get("/profile/@absent:localhost").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void keepsAccountDataOfTheUserAndOfRooms() {
        User user = accounts.register();
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
        User user = accounts.register();
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
        User user = accounts.register();
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
}
