package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.authentication.AuthenticationSessions;
import io.myelin.accountserver.storage.AuthenticationSessionTable;
import io.myelin.accountserver.storage.ThreepidValidationTable;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.Validation;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Addresses that are confirmed by mail, and what a confirmation is good for. */
class ConfirmationsIT extends WithOutside {
    @Test
    void registersWithAnAddressAndLogsInWithIt() throws Exception {
        String name = name();
        String address = name + "@example.org";
        var challenge = nobody().post("/register", "{\"username\":\"" + name + "\",\"password\":\"secret\"}");
        String session = challenge.body().string("session").orElseThrow();
        assertThat(challenge.text()).contains("{\"stages\":[\"m.login.email.identity\"]}");
        String sid = requestToken("/register/email/requestToken", address, 1);
        String auth = """
                {"auth": {"type": "m.login.email.identity", "session": "%s",
                          "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}""".formatted(session, sid, SECRET);
        nobody().post("/register", auth).isRefused(401, "M_UNAUTHORIZED");
        // Another instance goes on where this one was.
        server.restart();
        open(link(address));
        // Somebody else who knows the session registers nobody with this address.
        nobody().post(
                        "/register",
                        "{\"username\":\"" + name() + "\",\"password\":\"other\","
                                + auth.strip().substring(1))
                .isRefused(403, "M_FORBIDDEN");
        String token = nobody().post("/register", auth).field("access_token");
        assertThat(nobody().with(token).get("/account/3pid").text()).contains(address);
        nobody().post("/login", """
                {"type": "m.login.password", "password": "secret",
                 "identifier": {"type": "m.id.thirdparty", "medium": "email", "address": "%s"}}""".formatted(address)).ok();
        nobody().post("/register/email/requestToken", body(address, 2)).isRefused(400, "M_THREEPID_IN_USE");
    }

    @Test
    void setsANewPasswordOnceForAConfirmedAddress() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        nobody().post("/account/password/email/requestToken", body(address, 1)).isRefused(400, "M_THREEPID_NOT_FOUND");
        String added = requestToken("/account/3pid/email/requestToken", address, 1);
        open(link(address));
        user.client().post("/account/3pid", creds(added)).ok();
        smtp.purgeEmailFromAllMailboxes();
        String sid = requestToken("/account/password/email/requestToken", address, 1);
        String link = link(address);
        // A program that looks at links must not confirm this one.
        assertThat(nobody().get(link).text()).contains("<form");
        nobody().post("/account/password", reset("other", sid, SECRET)).isRefused(401, "M_UNAUTHORIZED");
        confirm(link);
        nobody().post("/account/password", reset("other", sid, SECRET)).ok();
        nobody().post("/account/password", reset("third", sid, SECRET)).isRefused(401, "M_UNAUTHORIZED");
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        new Accounts(server).login(user.name(), "other").ok();
    }

    @Test
    void registersOneUserForAConfirmation() throws Exception {
        String address = name() + "@example.org";
        String sid = requestToken("/register/email/requestToken", address, 1);
        open(link(address));
        String register = """
                {"username": "%s", "password": "secret", "auth": {"type": "m.login.email.identity",
                 "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}""";
        nobody().post("/register", register.formatted(name(), sid, SECRET)).ok();
        nobody().post("/register", register.formatted(name(), sid, SECRET)).isRefused(401, "M_UNAUTHORIZED");
    }

    @Test
    void registersNobodyWithAnAddressThatIsAnothersMeanwhile() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        String sid = requestToken("/register/email/requestToken", address, 1);
        open(link(address));
        addAddress(user, address);
        nobody().post("/register", """
                {"username": "%s", "password": "secret", "auth": {"type": "m.login.email.identity",
                 "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}""".formatted(name(), sid, SECRET)).isRefused(400, "M_THREEPID_IN_USE");
    }

    @Test
    void setsNoPasswordWithAConfirmationForSomethingElse() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        String registering = requestToken("/register/email/requestToken", address, 1);
        open(link(address));
        String adding = addAddress(user, address);
        for (String sid : List.of(registering, adding)) {
            nobody().post("/account/password", reset("stolen", sid, SECRET)).isRefused(401, "M_UNAUTHORIZED");
        }
        user.client().post("/account/3pid", creds(registering)).isRefused(400, "M_THREEPID_AUTH_FAILED");
    }

    @Test
    void usesUpNoOtherConfirmationOfTheSameAddress() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        addAddress(user, address);
        List<String> ids = new ArrayList<>();
        for (String secret : List.of("one", "two")) {
            ids.add(nobody().post(
                            "/account/password/email/requestToken",
                            body(address, 1).replace(SECRET, secret))
                    .field("sid"));
            confirm(link(address));
        }
        nobody().post("/account/password", reset("first", ids.getFirst(), "one"))
                .ok();
        nobody().post("/account/password", reset("second", ids.getLast(), "two"))
                .ok();
        new Accounts(server).login(user.name(), "second").ok();
    }

    @Test
    void keepsASessionWhoseNewPasswordIsTooLong() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        addAddress(user, address);
        String sid = requestToken("/account/password/email/requestToken", address, 1);
        confirm(link(address));
        nobody().post("/account/password", reset("x".repeat(1_000), sid, SECRET))
                .isRefused(400, "M_INVALID_PARAM");
        nobody().post("/account/password", reset("better", sid, SECRET)).ok();
    }

    @Test
    void doesNotProlongAConfirmation() {
        var table = server.bean(ThreepidValidationTable.class);
        Function<Long, Validation> until = expiry -> new Validation(
                "prolonged",
                Validation.Purpose.PASSWORD,
                ThirdPartyId.email("prolonged@example.org"),
                SECRET,
                new byte[32],
                expiry,
                null,
                expiry,
                null);
        table.begin(until.apply(1_000L), 0);
        table.begin(until.apply(2_000L), 0);
        assertThat(table.find("prolonged", 1_500)).isPresent();
        table.confirm("prolonged", 0);
        assertThat(table.begin(until.apply(3_000L), 0).isNewAttempt()).isTrue();
        assertThat(table.find("prolonged", 1_500)).isPresent();
        assertThat(table.find("prolonged", 2_500)).isEmpty();
    }

    @Test
    void keepsWhatASessionRemembersOnceAnAddressIsProven() {
        var table = server.bean(AuthenticationSessionTable.class);
        long soon = System.currentTimeMillis() + 60_000;
        for (String stage : List.of("m.login.dummy", "m.login.email.identity")) {
            String id = "remembers " + stage;
            table.begin(new AuthenticationSessions.Kept(
                    id, "register", null, JsonObject.of("username", "a"), Map.of(), null, soon));
            table.complete(id, stage, "proof");
            table.remember(id, JsonObject.of("username", "b"));
            assertThat(table.find(id, 0).orElseThrow().parameters().string("username"))
                    .contains(stage.equals("m.login.dummy") ? "b" : "a");
        }
    }

    @Test
    void sendsOneMailForAnAttempt() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        String sid = requestToken("/account/3pid/email/requestToken", address, 1);
        assertThat(requestToken("/account/3pid/email/requestToken", address, 1)).isEqualTo(sid);
        assertThat(requestToken("/account/3pid/email/requestToken", address, 2)).isEqualTo(sid);
        long mails = Arrays.stream(smtp.getReceivedMessages())
                .filter(mail -> isTo(mail, address))
                .count();
        assertThat(mails).isEqualTo(2);
        nobody().post("/account/3pid/email/requestToken", "{\"email\":\"no address\"}")
                .isRefused(400, "M_INVALID_PARAM");
        user.client().post("/account/3pid", creds(sid)).isRefused(400, "M_THREEPID_AUTH_FAILED");
    }

    @Test
    void removesAnAddress() throws Exception {
        User user = register();
        String address = user.name() + "@example.org";
        String sid = requestToken("/account/3pid/email/requestToken", address, 1);
        open(link(address));
        user.client()
                .post(
                        "/account/3pid/add",
                        "{\"sid\":\"%s\",\"client_secret\":\"%s\",\"auth\":%s}".formatted(sid, SECRET, user.auth()))
                .ok();
        String id = "{\"medium\":\"email\",\"address\":\"" + address + "\"}";
        assertThat(user.client().post("/account/3pid/delete", id).field("id_server_unbind_result"))
                .isEqualTo("no-support");
        assertThat(user.client().get("/account/3pid").text()).isEqualTo("{\"threepids\":[]}");
    }
}
