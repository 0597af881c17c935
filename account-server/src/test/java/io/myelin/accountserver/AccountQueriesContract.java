package io.myelin.accountserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.server.rpc.TwoProcesses;
import io.myelin.web.session.AccessToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link AccountQueries} answer about requests that were answered, in this process and over HTTP. */
abstract class AccountQueriesContract {
    private static final ServerName LOCALHOST = ServerName.parse("localhost");
    private static final byte[] UNKNOWN = new byte[32];

    private final Accounts accounts;

    AccountQueriesContract(Accounts accounts) {
        this.accounts = accounts;
    }

    abstract AccountQueries queries();

    private static UserId id(User user) {
        return UserId.parse(user.id());
    }

    private static byte[] hash(String token) {
        return AccessToken.parse(token, LOCALHOST).orElseThrow().hash();
    }

    @Test
    void tellASessionUntilItEnds() {
        User user = accounts.register();
        Session session = queries().session(id(user), hash(user.token())).orElseThrow();
        assertThat(session.user()).isEqualTo(id(user));
        assertThat(session.admin()).isFalse();
        assertThat(session.guest()).isFalse();
        assertThat(queries().session(id(user), UNKNOWN)).isEmpty();
        user.client().post("/logout", "").ok();
        assertThat(queries().session(id(user), hash(user.token()))).isEmpty();
    }

    @Test
    void tellProfilesOfThoseWhoEverExisted() {
        User user = accounts.register();
        String path = "/profile/" + user.id() + "/";
        user.client().put(path + "displayname", "{\"displayname\":\"Grüße\"}").ok();
        user.client().put(path + "m.tz", "{\"m.tz\":\"Europe/Berlin\"}").ok();
        Profile profile = queries().profile(id(user)).orElseThrow();
        assertThat(profile.displayName()).isEqualTo("Grüße");
        assertThat(profile.fields()).containsOnlyKeys("m.tz");
        assertThat(profile.fields().get("m.tz")).asString(UTF_8).isEqualTo("\"Europe/Berlin\"");
        assertThat(profile.deactivated()).isFalse();
        assertThat(queries().profile(UserId.parse("@never:localhost"))).isEmpty();
    }

    @Test
    void tellAccountDataWithThePositionThatItIsCompleteAt() {
        User user = accounts.register();
        user.client().put(user.path() + "/account_data/m.direct", "{\"x\":[]}").ok();
        user.client()
                .put(user.path() + "/rooms/!a:localhost/account_data/org.example", "{}")
                .ok();
        AccountQueries.AccountData data = queries().accountData(id(user));
        assertThat(data.shard()).isEqualTo(Partitions.of(user.id(), TwoProcesses.SHARDS));
        assertThat(data.items())
                .extracting(AccountDatum::type)
                .contains("m.direct", "org.example")
                .doesNotHaveDuplicates();
        assertThat(data.items()).allMatch(item -> item.seq() <= data.asOf());
        assertThat(data.asOf())
                .isLessThanOrEqualTo(queries().committed(data.shard()).seq());
    }

    @Test
    void tellAFilterByItsUserAndId() {
        User user = accounts.register();
        String filter = user.client()
                .post(user.path() + "/filter", "{\"room\":{\"timeline\":{\"limit\":5}}}")
                .field("filter_id");
        assertThat(queries().filter(id(user), filter).map(json -> new String(json, UTF_8)))
                .contains("{\"room\":{\"timeline\":{\"limit\":5}}}");
        assertThat(queries().filter(id(user), "nothing")).isEqualTo(Optional.empty());
    }

    @Test
    void tellWhoWasErased() {
        User erased = accounts.register();
        User closed = accounts.register();
        erased.client()
                .post("/account/deactivate", "{\"erase\":true,\"auth\":%s}".formatted(erased.auth()))
                .ok();
        closed.client()
                .post("/account/deactivate", "{\"auth\":%s}".formatted(closed.auth()))
                .ok();
        assertThat(queries().erased(List.of(id(closed), id(erased), UserId.parse("@nobody:localhost"))))
                .containsExactly(id(erased));
        assertThat(facts())
                .contains(
                        new AccountFact.AccountDeactivated(id(erased), true),
                        new AccountFact.AccountDeactivated(id(closed), false));
    }

    /** All facts that a reader gets which starts at the beginning. */
    private List<AccountFact> facts() {
        List<AccountFact> facts = new ArrayList<>();
        for (int shard = 0; shard < TwoProcesses.SHARDS; shard++) {
            queries().replay(shard, 0, 10_000).facts().forEach(fact -> facts.add(fact.fact()));
        }
        return facts;
    }
}
