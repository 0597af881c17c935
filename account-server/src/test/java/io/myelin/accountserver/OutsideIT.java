package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.myelin.matrix.json.JsonObject;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.FreePort;
import io.myelin.testing.TestEngines;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What account-server does with services of others: a real SMTP server, and stand-ins for recaptcha and CAS. */
class OutsideIT {
    private static final Pattern LINK = Pattern.compile("http\\S+");
    private static final Pattern LOGIN_TOKEN = Pattern.compile("loginToken=([^\"&]+)");
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String SECRET = "client.secret";

    @SuppressWarnings("NullAway.Init") // before all tests
    private static GreenMail smtp;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static HttpServer web;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RunningServer server;

    private static volatile String casUser = "somebody";

    @BeforeAll
    static void start() throws IOException {
        smtp = new GreenMail(new ServerSetup(FreePort.choose(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/recaptcha", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer(exchange, "{\"success\":" + form.equals("secret=private&response=solved") + "}");
        });
        web.createContext(
                "/cas/proxyValidate",
                exchange -> answer(
                        exchange,
                        exchange.getRequestURI().getQuery().contains("ticket=golden")
                                ? "<s:serviceResponse xmlns:s='http://www.yale.edu/tp/cas'><s:authenticationSuccess><s:user>"
                                        + casUser + "</s:user></s:authenticationSuccess></s:serviceResponse>"
                                : "<s:serviceResponse xmlns:s='http://www.yale.edu/tp/cas'/>"));
        web.start();
        String outside = "http://localhost:" + web.getAddress().getPort();
        var database = TestEngines.shared().freshDatabase("account_outside");
        server = RunningServer.start(
                new DatabaseLogin(database.url(), database.user(), database.password()),
                Map.of(
                        "email.host",
                        "127.0.0.1",
                        "email.port",
                        String.valueOf(smtp.getSmtp().getPort()),
                        "email.security",
                        "none",
                        "recaptcha.public-key",
                        "public",
                        "recaptcha.private-key",
                        "private",
                        "recaptcha.verify-url",
                        outside + "/recaptcha",
                        "cas.server-url",
                        outside + "/cas",
                        "sessions.access-token-lifetime",
                        "1s",
                        "turn.uris",
                        "turn:turn.example.org?transport=udp",
                        "turn.shared-secret",
                        "shared"));
    }

    @AfterAll
    static void stop() {
        server.close();
        web.stop(0);
        smtp.stop();
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

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
        String reset = """
                {"new_password": "%s", "auth": {"type": "m.login.email.identity",
                 "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}""";
        // A program that looks at links must not confirm this one.
        assertThat(nobody().get(link).text()).contains("<form");
        nobody().post("/account/password", reset.formatted("other", sid, SECRET))
                .isRefused(401, "M_UNAUTHORIZED");
        URI confirmation = URI.create(link);
        assertThat(nobody().post(confirmation.getPath(), confirmation.getRawQuery())
                        .status())
                .isEqualTo(200);
        nobody().post("/account/password", reset.formatted("other", sid, SECRET))
                .ok();
        nobody().post("/account/password", reset.formatted("third", sid, SECRET))
                .isRefused(401, "M_UNAUTHORIZED");
        user.client().get("/account/whoami").isRefused(401, "M_UNKNOWN_TOKEN");
        new Accounts(server).login(user.name(), "other").ok();
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
                .isEqualTo("success");
        assertThat(user.client().get("/account/3pid").text()).isEqualTo("{\"threepids\":[]}");
    }

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

    private static String name() {
        return "outside" + NAMES.incrementAndGet();
    }

    private static MatrixClient nobody() {
        return new MatrixClient(server.port(), null);
    }

    private static User register() {
        String name = name();
        String token = nobody().post("/register", """
                {"username": "%s", "password": "secret", "auth": {"type": "m.login.dummy"}}""".formatted(name)).field("access_token");
        return new User(name, nobody().with(token), token);
    }

    private static String body(String address, int attempt) {
        return "{\"email\":\"%s\",\"client_secret\":\"%s\",\"send_attempt\":%d}".formatted(address, SECRET, attempt);
    }

    private static String requestToken(String path, String address, int attempt) {
        return nobody().post(path, body(address, attempt)).field("sid");
    }

    private static String creds(String sid) {
        return "{\"three_pid_creds\":{\"sid\":\"%s\",\"client_secret\":\"%s\"}}".formatted(sid, SECRET);
    }

    /** Path and query of the link in the newest mail to an address. */
    private static String link(String address) throws Exception {
        MimeMessage newest = null;
        for (MimeMessage mail : smtp.getReceivedMessages()) {
            newest = isTo(mail, address) ? mail : newest;
        }
        assertThat(newest).isNotNull();
        Matcher link = LINK.matcher(newest.getContent().toString());
        assertThat(link.find()).isTrue();
        URI uri = URI.create(link.group());
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private static boolean isTo(MimeMessage mail, String address) {
        try {
            return mail.getAllRecipients()[0].toString().equals(address);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void open(String link) {
        assertThat(nobody().get(link).status()).isEqualTo(200);
    }
}
