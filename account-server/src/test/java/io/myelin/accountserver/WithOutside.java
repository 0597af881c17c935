package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.FreePort;
import io.myelin.testing.TestEngines;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** account-server with services of others: a real SMTP server, and stand-ins for recaptcha and CAS. */
abstract class WithOutside {
    private static final Pattern LINK = Pattern.compile("http\\S+");
    static final AtomicInteger NAMES = new AtomicInteger();
    static final String SECRET = "client.secret";

    @SuppressWarnings("NullAway.Init") // before all tests
    static GreenMail smtp;

    @SuppressWarnings("NullAway.Init") // before all tests
    static HttpServer web;

    @SuppressWarnings("NullAway.Init") // before all tests
    static RunningServer server;

    static volatile String casUser = "somebody";

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
                                ? "<s:serviceResponse"
                                        + " xmlns:s='http://www.yale.edu/tp/cas'><s:authenticationSuccess><s:user>"
                                        + casUser + "</s:user></s:authenticationSuccess></s:serviceResponse>"
                                : "<s:serviceResponse xmlns:s='http://www.yale.edu/tp/cas'/>"));
        web.createContext("/sms", new TextMessages());
        web.start();
        String outside = "http://localhost:" + web.getAddress().getPort();
        var database = TestEngines.shared().freshDatabase("account_outside");
        server = RunningServer.start(
                new DatabaseLogin(database.url(), database.user(), database.password()),
                Map.ofEntries(
                        Map.entry("email.host", "127.0.0.1"),
                        Map.entry("email.port", String.valueOf(smtp.getSmtp().getPort())),
                        Map.entry("email.security", "none"),
                        Map.entry("recaptcha.public-key", "public"),
                        Map.entry("recaptcha.private-key", "private"),
                        Map.entry("recaptcha.verify-url", outside + "/recaptcha"),
                        Map.entry("cas.server-url", outside + "/cas"),
                        Map.entry("sessions.access-token-lifetime", "1s"),
                        Map.entry("turn.uris", "turn:turn.example.org?transport=udp"),
                        Map.entry("turn.shared-secret", "shared"),
                        Map.entry("msisdn.delegate-url", outside + "/sms")));
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

    static String name() {
        return "outside" + NAMES.incrementAndGet();
    }

    static MatrixClient nobody() {
        return new MatrixClient(server.port(), null);
    }

    static User register() {
        String name = name();
        String token = nobody().post("/register", """
            {"username": "%s", "password": "secret", "auth": {"type": "m.login.dummy"}}\
            """.formatted(name)).field("access_token");
        return new User(name, nobody().with(token), token);
    }

    static String body(String address, int attempt) {
        return "{\"email\":\"%s\",\"client_secret\":\"%s\",\"send_attempt\":%d}".formatted(address, SECRET, attempt);
    }

    static String requestToken(String path, String address, int attempt) {
        return nobody().post(path, body(address, attempt)).field("sid");
    }

    static String reset(String password, String sid, String secret) {
        return """
            {"new_password": "%s", "auth": {"type": "m.login.email.identity",
             "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}\
            """.formatted(password, sid, secret);
    }

    /** The ID of the confirmation. */
    static String addAddress(User user, String address) throws Exception {
        String sid = requestToken("/account/3pid/email/requestToken", address, 1);
        open(link(address));
        user.client().post("/account/3pid", creds(sid)).ok();
        return sid;
    }

    static void confirm(String link) {
        URI confirmation = URI.create(link);
        assertThat(nobody().post(confirmation.getPath(), confirmation.getRawQuery())
                        .status())
                .isEqualTo(200);
    }

    static String creds(String sid) {
        return "{\"three_pid_creds\":{\"sid\":\"%s\",\"client_secret\":\"%s\"}}".formatted(sid, SECRET);
    }

    /** Path and query of the link in the newest mail to an address. */
    static String link(String address) throws Exception {
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

    static boolean isTo(MimeMessage mail, String address) {
        try {
            return mail.getAllRecipients()[0].toString().equals(address);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    static void open(String link) {
        assertThat(nobody().get(link).status()).isEqualTo(200);
    }
}
