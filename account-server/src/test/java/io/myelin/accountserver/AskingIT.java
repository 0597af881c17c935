package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.myelin.matrix.json.JsonObject;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.TestEngines;
import io.myelin.web.InternalSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Single sign-on outside test mode, where persons are asked: with a stand-in for CAS that is not at a public address. */
class AskingIT {
    private static final String TICKET = "/_matrix/client/r0/login/cas/ticket";
    private static final Pattern LOGIN_TOKEN = Pattern.compile("loginToken=([^\"&]+)");
    private static final Pattern FIELD = Pattern.compile("name=\"([^\"]+)\" value=\"([^\"]+)\"");

    @SuppressWarnings("NullAway.Init") // before all tests
    private static HttpServer web;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/proxyValidate", exchange -> {
            String user = exchange.getRequestURI().getQuery().replaceFirst(".*ticket=([a-z]+).*", "$1");
            byte[] bytes = ("<s:serviceResponse xmlns:s='http://www.yale.edu/tp/cas'><s:authenticationSuccess><s:user>"
                            + user + "</s:user></s:authenticationSuccess></s:serviceResponse>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        web.start();
        var database = TestEngines.shared().freshDatabase("account_asking");
        server = RunningServer.start(
                new DatabaseLogin(database.url(), database.user(), database.password()),
                Map.of(
                        "test-mode",
                        "false",
                        "cas.server-url",
                        "http://localhost:" + web.getAddress().getPort()));
    }

    @AfterAll
    static void stop() {
        server.close();
        web.stop(0);
    }

    @Test
    void completesASessionOnlyWhenThePersonConfirms() {
        JsonObject login = nobody().post(
                        "/login", "{\"type\":\"m.login.token\",\"token\":\"%s\"}".formatted(loginToken("alice")))
                .ok();
        MatrixClient alice = nobody().with(login.string("access_token").orElseThrow());
        String session = alice.delete("/devices/SOME").body().string("session").orElseThrow();
        String auth = "{\"auth\":{\"session\":\"" + session + "\"}}";
        String page =
                nobody().get(TICKET + "?session=" + session + "&ticket=alice").text();
        assertThat(alice.send("DELETE", "/devices/SOME", auth).status()).isEqualTo(401);
        StringJoiner form = new StringJoiner("&");
        for (Matcher field = FIELD.matcher(page); field.find(); ) {
            form.add(field.group(1) + "=" + URLEncoder.encode(field.group(2), StandardCharsets.UTF_8));
        }
        assertThat(nobody().post(TICKET, form.toString().replace("alice", "mallory"))
                        .status())
                .isEqualTo(401);
        assertThat(nobody().post(TICKET, form.toString()).text()).contains("onAuthDone");
        alice.send("DELETE", "/devices/SOME", auth).ok();
    }

    @Test
    void givesNobodyAnAccountOfTheirNameThatWasMadeOtherwise() {
        nobody().postInternal(
                        new InternalSecret(RunningServer.SECRET),
                        "/_myelin/internal/users",
                        "{\"localpart\":\"admin\",\"password\":\"a long password\",\"admin\":true}")
                .ok();
        assertThat(nobody().get(TICKET + "?redirectUrl=https%3A%2F%2Fclient&ticket=admin")
                        .status())
                .isEqualTo(401);
        loginToken("bob");
        loginToken("bob");
    }

    private static String loginToken(String user) {
        String page = nobody().get(TICKET + "?redirectUrl=https%3A%2F%2Fclient&ticket=" + user)
                .text();
        Matcher token = LOGIN_TOKEN.matcher(page);
        assertThat(token.find()).as(page).isTrue();
        return URLDecoder.decode(token.group(1), StandardCharsets.UTF_8);
    }

    private static MatrixClient nobody() {
        return new MatrixClient(server.port(), null);
    }
}
