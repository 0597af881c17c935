package io.myelin.apart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.myelin.testing.FreePort;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person registers with an address, and sets a new password with it, by mails of a real SMTP server, in both shapes. */
class MailApartIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V3 = "/_matrix/client/v3";
    private static final Pattern LINK = Pattern.compile("http\\S+");
    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");
    private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");

    @TempDir
    Path directory;

    @Test
    void registersAndSetsANewPasswordApart() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        GreenMail smtp = smtp();
        try (var server = ApartServer.start(directory, settings(smtp), "--instances", "account-server=2")) {
            registersAndSetsANewPassword(server, smtp);
        } finally {
            smtp.stop();
        }
    }

    @Test
    void registersAndSetsANewPasswordInOneProcess() throws Exception {
        GreenMail smtp = smtp();
        try (var server = ApartServer.startTogether(directory, settings(smtp))) {
            registersAndSetsANewPassword(server, smtp);
        } finally {
            smtp.stop();
        }
    }

    private static GreenMail smtp() {
        var smtp = new GreenMail(new ServerSetup(FreePort.choose(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        return smtp;
    }

    private static Map<String, String> settings(GreenMail smtp) {
        return Map.of(
                "MYELIN_EMAIL_HOST",
                "127.0.0.1",
                "MYELIN_EMAIL_PORT",
                String.valueOf(smtp.getSmtp().getPort()),
                "MYELIN_EMAIL_SECURITY",
                "none",
                "MYELIN_REGISTRATION_REQUIRES_EMAIL",
                "true");
    }

    private void registersAndSetsANewPassword(ApartServer server, GreenMail smtp) throws Exception {
        String begin = "{\"username\": \"writer\", \"password\": \"a password\"}";
        var challenge = post(server, V3 + "/register", begin);
        assertThat(challenge.statusCode()).isEqualTo(401);
        String session = first(SESSION, challenge.body());
        String sid = requestToken(server, "/register");
        URI link = link(smtp, 1);
        assertThat(get(server, link).statusCode()).isEqualTo(200);
        String auth = """
            {"auth": {"type": "m.login.email.identity", "session": "%s",
                      "threepid_creds": {"sid": "%s", "client_secret": "secret"}}}\
            """.formatted(session, sid);
        assertThat(post(server, V3 + "/register", auth).body()).contains("@writer:localhost");
        String reset = requestToken(server, "/account/password");
        URI confirmation = link(smtp, 2);
        assertThat(get(server, confirmation).body()).contains("<form");
        String password = """
            {"new_password": "another password", "auth": {"type": "m.login.email.identity",
             "threepid_creds": {"sid": "%s", "client_secret": "secret"}}}\
            """.formatted(reset);
        assertThat(post(server, V3 + "/account/password", password).statusCode())
                .isEqualTo(401);
        assertThat(send(server, confirmation.getPath(), "application/x-www-form-urlencoded", confirmation.getRawQuery())
                        .statusCode())
                .isEqualTo(200);
        assertThat(post(server, V3 + "/account/password", password).statusCode())
                .isEqualTo(200);
        assertThat(post(server, V3 + "/account/password", password).statusCode())
                .isNotEqualTo(200);
        assertThat(logIn(server, "a password").statusCode()).isEqualTo(403);
        assertThat(logIn(server, "another password").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> logIn(ApartServer server, String password) throws Exception {
        return post(server, V3 + "/login", """
            {"type": "m.login.password", "password": "%s", "identifier":
             {"type": "m.id.thirdparty", "medium": "email", "address": "writer@example.org"}}\
            """.formatted(password));
    }

    private static String requestToken(ApartServer server, String purpose) throws Exception {
        var answer = post(server, V3 + purpose + "/email/requestToken", """
            {"email": "Writer@example.org", "client_secret": "secret", "send_attempt": 1}\
            """);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return first(SID, answer.body());
    }

    /** The link in a mail. Its host is that of the settings; the port may be another one here. */
    private static URI link(GreenMail smtp, int count) throws Exception {
        await().atMost(PATIENCE).until(() -> smtp.getReceivedMessages().length >= count);
        MimeMessage mail = smtp.getReceivedMessages()[count - 1];
        assertThat(mail.getAllRecipients()[0]).hasToString("writer@example.org");
        Matcher link = LINK.matcher(mail.getContent().toString());
        assertThat(link.find()).isTrue();
        return URI.create(link.group());
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group(1);
    }

    private static HttpResponse<String> get(ApartServer server, URI link) throws Exception {
        var address = URI.create(server.url() + link.getRawPath() + "?" + link.getRawQuery());
        return HTTP.send(HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(ApartServer server, String path, String body) throws Exception {
        return send(server, path, "application/json", body);
    }

    private static HttpResponse<String> send(ApartServer server, String path, String type, String body)
            throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body, UTF_8))
                        .build(),
                BodyHandlers.ofString());
    }
}
