package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import io.myelin.web.session.AccessToken;
import io.myelin.web.session.Authenticator;
import io.myelin.web.session.SessionsOfOneUser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;

class WebLayerTest {
    private static final ServerName SERVER = ServerName.parse("localhost");
    private static final String ALICE = token("alice", 1);
    private static final String GUEST = token("guest", 2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ServletWebServerApplicationContext context;
    private static int port;
    private static int internalPort;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebConfiguration.class, EchoController.class, EchoController.Hidden.class})
    static class Application {
        @Bean
        ServerSettings properties() {
            return ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("limits.request-size", "64KB"));
        }

        @Bean
        Authenticator authenticator() {
            SessionsOfOneUser accounts = new SessionsOfOneUser();
            accounts.add(hash(ALICE), new Session(UserId.of("alice", SERVER), "PHONE", false, false, 1));
            accounts.add(hash(GUEST), new Session(UserId.of("guest", SERVER), "WEB", false, true, 2));
            return new Authenticator(SERVER, 16, accounts, _ -> CompletableFuture.completedFuture(null));
        }

        @Bean
        InternalListener internalListener() {
            return new InternalListener(() -> internalPort, "knock");
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(Map.of("server.port", "0", "spring.main.banner-mode", "off"));
        context = (ServletWebServerApplicationContext) application.run();
        port = Objects.requireNonNull(context.getWebServer()).getPort();
        internalPort = port;
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @ParameterizedTest
    @CsvSource({
        "!room:localhost, !room:localhost",
        "%21room%3Alocalhost, !room:localhost",
        "!a%2Fb:localhost, !a/b:localhost",
        "!a%2Fb%2F..%2Fc:localhost, !a/b/../c:localhost",
        "!per%25cent:localhost, !per%cent:localhost",
        "!semi%3Bcolon:localhost, !semi;colon:localhost",
        "!pl+us%20space:localhost, '!pl+us space:localhost'",
        "!%C3%A9:localhost, !é:localhost",
        "!back%5Cslash:localhost, '!back\\slash:localhost'",
    })
    void decodesIdentifiersInPathsOnce(String inPath, String id) {
        JsonObject answer = request("PUT", "/_matrix/client/v3/rooms/" + inPath + "/state/m.x%2Fy/%40bob%3A%2F", "{}")
                .ok();
        assertThat(answer.string("room")).contains(id);
        assertThat(answer.string("type")).contains("m.x/y");
        assertThat(answer.string("key")).contains("@bob:/");
    }

    @Test
    void refusesAnInvalidIdentifier() {
        request("PUT", "/_matrix/client/v3/rooms/room/state/a/b", "{}").isRefused(400, "M_INVALID_PARAM");
        request("PUT", "/_matrix/client/v3/rooms/!a:b:c:d/state/a/b", "{}").isRefused(400, "M_INVALID_PARAM");
        assertThat(request("PUT", "/_matrix/client/v3/rooms/!a%00:b/state/a/b", "{}")
                        .response()
                        .statusCode())
                .isEqualTo(400);
        request("GET", "/_matrix/client/v3/number?limit=%00", null).isRefused(400, "M_INVALID_PARAM");
        request("GET", "/_matrix/client/v3/number?limit=many", null).isRefused(400, "M_INVALID_PARAM");
        request("GET", "/_matrix/client/v3/number", null).isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void refusesBodiesThatAreNotWhatMatrixTakes() {
        String path = "/_matrix/client/v3/rooms/!a:b/state/a/b";
        request("PUT", path, "{").isRefused(400, "M_NOT_JSON");
        request("PUT", path, "").isRefused(400, "M_NOT_JSON");
        request("PUT", path, "hello").isRefused(400, "M_NOT_JSON");
        request("PUT", path, "{}{}").isRefused(400, "M_NOT_JSON");
        request("PUT", path, "[]").isRefused(400, "M_BAD_JSON");
        request("PUT", path, "{\"a\":1,\"a\":2}").isRefused(400, "M_BAD_JSON");
        request("PUT", path, "{\"a\":1.5}").isRefused(400, "M_BAD_JSON");
        request("PUT", path, "{\"a\":9007199254740992}").isRefused(400, "M_BAD_JSON");
        request("PUT", path, "{\"a\":\"" + "x".repeat(65_536) + "\"}").isRefused(413, "M_TOO_LARGE");
    }

    @Test
    void takesAnEmptyBodyAndAnyNumberWhereTheEndpointSaysSo() {
        assertThat(request("POST", "/_matrix/client/v3/optional", "").ok().get("body"))
                .isEqualTo(JsonObject.EMPTY);
        assertThat(request("POST", "/_matrix/client/v3/optional", "{\"order\":0.25}")
                        .text())
                .contains("0.25");
    }

    @Test
    void doesNotTakeABodyForAForm() {
        Answer answer = send(builder("/_matrix/client/v3/optional?q=a%2Bb+c")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{\"q\":\"body\"}")));
        assertThat(answer.ok().string("q")).contains("a+b c");
        assertThat(answer.text()).contains("\"body\":{\"q\":\"body\"}");
    }

    @Test
    void findsTheSessionInHeaderOrQuery() {
        assertThat(send(builder("/_matrix/client/v3/whoami").header("Authorization", "Bearer " + ALICE))
                        .ok()
                        .string("user_id"))
                .contains("@alice:localhost");
        assertThat(request("GET", "/_matrix/client/v3/whoami?access_token=" + ALICE, null)
                        .ok()
                        .string("user_id"))
                .contains("@alice:localhost");
    }

    @Test
    void refusesRequestsWithoutAGoodToken() {
        request("GET", "/_matrix/client/v3/whoami", null).isRefused(401, "M_MISSING_TOKEN");
        request("GET", "/_matrix/client/v3/whoami?access_token=nonsense", null).isRefused(401, "M_UNKNOWN_TOKEN");
        request("GET", "/_matrix/client/v3/whoami?access_token=" + token("alice", 9), null)
                .isRefused(401, "M_UNKNOWN_TOKEN");
        request("GET", "/_matrix/client/v3/anybody?access_token=nonsense", null).isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(request("GET", "/_matrix/client/v3/anybody", null).text()).isEqualTo("{\"known\":false}");
        assertThat(request("GET", "/_matrix/client/v3/anybody?access_token=" + ALICE, null)
                        .text())
                .isEqualTo("{\"known\":true}");
    }

    @Test
    void keepsGuestsFromWhatIsNotForThem() {
        request("GET", "/_matrix/client/v3/members-only?access_token=" + GUEST, null)
                .isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        request("GET", "/_matrix/client/v3/members-only?access_token=" + ALICE, null)
                .ok();
        request("GET", "/_matrix/client/v3/whoami?access_token=" + GUEST, null).ok();
    }

    @Test
    void knowsNeitherOtherPathsNorOtherMethods() {
        request("GET", "/_matrix/client/v3/nothing", null).isRefused(404, "M_UNRECOGNIZED");
        request("GET", "/", null).isRefused(404, "M_UNRECOGNIZED");
        request("GET", "/error", null).isRefused(404, "M_UNRECOGNIZED");
        request("PUT", "/_matrix/client/v3/nothing", "{}").isRefused(404, "M_UNRECOGNIZED");
        request("DELETE", "/_matrix/client/v3/whoami", null).isRefused(405, "M_UNRECOGNIZED");
    }

    @Test
    void tellsNobodyWhatWentWrongInside() {
        Answer answer = request("GET", "/_matrix/client/v3/broken", null);
        answer.isRefused(500, "M_UNKNOWN");
        assertThat(answer.text()).doesNotContain("secret", "io.myelin", "Exception");
    }

    @Test
    void saysThatItCannotNowWhenAServiceIsOutOfReach() {
        request("GET", "/_matrix/client/v3/unavailable", null).isRefused(503, "M_UNKNOWN");
    }

    @Test
    void sendsALargeAnswerInParts() {
        for (boolean large : new boolean[] {false, true}) {
            HttpResponse<byte[]> response = request("GET", "/_matrix/client/v3/streamed?large=" + large, null)
                    .response();
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Length").isPresent())
                    .isEqualTo(!large);
            assertThat(JsonParser.parseObject(response.body())
                            .array("numbers")
                            .orElseThrow()
                            .size())
                    .isEqualTo(large ? 100_000 : 10);
        }
    }

    /** A small answer needs no turn. */
    @Test
    void refusesALargeAnswerWhoseTurnDoesNotCome() {
        request("GET", "/_matrix/client/v3/streamed?large=true&busy=true", null).isRefused(429, "M_LIMIT_EXCEEDED");
        assertThat(request("GET", "/_matrix/client/v3/streamed?large=false&busy=true", null)
                        .response()
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersLaterWithAnyStatus() {
        assertThat(request("GET", "/_matrix/client/v3/later", null).response().statusCode())
                .isEqualTo(202);
    }

    @Test
    void letsWebClientsIn() {
        for (String method : new String[] {"OPTIONS", "GET", "PUT"}) {
            var headers = request(method, "/_matrix/client/v3/whoami", null)
                    .response()
                    .headers();
            assertThat(headers.firstValue("Access-Control-Allow-Origin")).contains("*");
            assertThat(headers.firstValue("Access-Control-Allow-Methods")).contains("GET, POST, PUT, DELETE, OPTIONS");
            assertThat(headers.firstValue("Access-Control-Allow-Headers"))
                    .contains("X-Requested-With, Content-Type, Authorization");
        }
        assertThat(request("OPTIONS", "/_matrix/client/v3/whoami", null)
                        .response()
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void answersJsonWhateverIsAcceptable() {
        Answer answer = send(builder("/_matrix/client/v3/number?limit=3").header("Accept", "text/html"));
        assertThat(answer.ok().integer("limit")).hasValue(3);
        assertThat(answer.response().headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void showsInternalControllersOnlyToThoseWhoKnowTheSecret() {
        request("POST", "/_myelin/internal/echo", "").isRefused(404, "M_UNRECOGNIZED");
        request("GET", "/_myelin/internal/echo", "").isRefused(404, "M_UNRECOGNIZED");
        knock(new InternalSecret("wrong"), port).isRefused(404, "M_UNRECOGNIZED");
        send(builder("/_myelin/internal/echo")
                        .header("Authorization", "Bearer knock")
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .isRefused(404, "M_UNRECOGNIZED");
        knock(new InternalSecret("knock"), port).ok();
        knock(new InternalSecret("knock"), port + 1).isRefused(404, "M_UNRECOGNIZED");
        // A proof is valid only for the body that it was made for.
        InternalSecret secret = new InternalSecret("knock");
        String ofAnother = secret.prove("POST", address(port), "{}".getBytes(StandardCharsets.UTF_8))
                .header();
        send(builder("/_myelin/internal/echo")
                        .header(InternalSecret.REQUEST, ofAnother)
                        .POST(HttpRequest.BodyPublishers.ofString("{ }")))
                .isRefused(404, "M_UNRECOGNIZED");
        send(builder("/%5Fmyelin/internal/echo").POST(HttpRequest.BodyPublishers.noBody()))
                .isRefused(404, "M_UNRECOGNIZED");
    }

    @Test
    void provesTheAnswersOfInternalControllers() {
        InternalSecret secret = new InternalSecret("knock");
        InternalSecret.Proof proof = secret.prove("POST", address(port), new byte[0]);
        HttpResponse<byte[]> answer = send(builder("/_myelin/internal/echo")
                        .header(InternalSecret.REQUEST, proof.header())
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .response();
        String given = answer.headers().firstValue(InternalSecret.ANSWER).orElseThrow();
        assertThat(secret.isAnswer(proof, 200, null, answer.body(), given)).isTrue();
        assertThat(secret.isAnswer(proof, 200, null, "{}".getBytes(StandardCharsets.UTF_8), given))
                .isFalse();
        assertThat(secret.isAnswer(secret.prove("POST", address(port), new byte[0]), 200, null, answer.body(), given))
                .isFalse();
    }

    private static Answer knock(InternalSecret secret, int meantFor) {
        return send(builder("/_myelin/internal/echo")
                .header(
                        InternalSecret.REQUEST,
                        secret.prove("POST", address(meantFor), new byte[0]).header())
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static URI address(int meantFor) {
        return URI.create("http://localhost:" + meantFor + "/_myelin/internal/echo");
    }

    @Test
    void hidesInternalControllersOnEveryOtherPort() {
        internalPort = port + 1;
        knock(new InternalSecret("knock"), port).isRefused(404, "M_UNRECOGNIZED");
        knock(new InternalSecret("knock"), port + 1).isRefused(404, "M_UNRECOGNIZED");
        internalPort = port;
    }

    @ParameterizedTest
    @CsvSource({"/_matrix/%zz", "/_matrix/%ff", "/_matrix/client/v3/number?limit=%zz", "/_matrix/%"})
    void answersAnAddressThatIsNoneAsAMatrixError(String target) throws IOException {
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .containsPattern("^HTTP/1.1 4\\d\\d ")
                .contains("\"errcode\":\"M_")
                .contains("application/json");
    }

    @Test
    void refusesTraceAndEchoesNothing() throws IOException {
        assertThat(raw("TRACE /_matrix/client/v3/whoami HTTP/1.1\r\nHost: localhost\r\nX-Secret: echo-me\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("M_UNRECOGNIZED")
                .doesNotContain("echo-me");
    }

    @Test
    void answersWhatIsNotHttpAsAMatrixError() throws IOException {
        assertThat(raw("GET\r\n\r\n")).contains("\"errcode\":\"M_UNKNOWN\"").doesNotContain("<html", "jetty");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /_myelin/internal/echo, 404",
        "PUT, /_matrix/client/v3/nothing, 404",
        "PUT, /_matrix/client/v3/rooms/no-room/state/a/b, 400",
        "PUT, /_matrix/client/v3/whoami?x=%00, 400",
        "OPTIONS, /_matrix/client/v3/whoami, 204",
    })
    void keepsAConnectionWhoseRequestWasAnsweredBeforeItsBodyCame(String method, String path, int status)
            throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            var out = socket.getOutputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            if (status >= 400) { // A refusal comes at once.
                assertThat(in.readLine()).startsWith("HTTP/1.1 " + status);
            }
            out.write(
                    ("{}GET /_matrix/client/v3/number?limit=3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.lines()).anyMatch(line -> line.contains("\"limit\":3"));
        }
    }

    @Test
    void saysThatItClosesAConnectionWhoseBodyIsTooLarge() throws IOException {
        assertThat(raw("PUT /_matrix/client/v3/rooms/!a:b/state/a/b HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Length: 70000\r\n\r\n"))
                .contains("M_TOO_LARGE")
                .containsIgnoringCase("Connection: close");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /_matrix/client/v3/rooms/%00/state, 0",
        "PUT, /_matrix/client/v3/rooms/%00/state, 3",
        "PUT, /_matrix/client/v3/rooms/!a:b/state/a/%00, 3",
        "GET, /_matrix/client/v3/rooms/%00/state, 0",
        "GET, /_matrix/%zz, 0",
        "PUT, /_matrix/client/v3/nothing, 3000000",
        "PUT, /_matrix/client/v3/nothing, 300000",
    })
    void eitherKeepsAConnectionOrSaysThatItClosesIt(String method, String path, int body) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            send(
                    socket,
                    method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body + "\r\n\r\n"
                            + "x".repeat(body));
            assertKeptOrClosed(socket);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, /_matrix/client/v3/nothing", "1000000, /_matrix/client/v3/nothing", "10, /_matrix/%00"})
    void eitherKeepsAConnectionOrSaysThatItClosesItAfterABodyOfUnknownLength(int body, String path) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            send(
                    socket,
                    "PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(body) + "\r\n" + "x".repeat(body) + "\r\n0\r\n\r\n");
            assertKeptOrClosed(socket);
        }
    }

    /** Sends a request, of which the server may refuse to read the whole body. */
    private static void send(Socket socket, String request) {
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException closed) {
            // The server has answered before it closed the connection; the caller checks next whether it announced
            // that.
        }
    }

    private static void assertKeptOrClosed(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(in.readLine()).startsWith("HTTP/1.1 4");
        boolean closes = false;
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            closes |= line.equalsIgnoreCase("Connection: close");
            length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
        }
        assertThat(in.skip(length)).isEqualTo(length);
        if (!closes) {
            socket.getOutputStream()
                    .write("GET /_matrix/client/v3/number?limit=3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private record Answer(HttpResponse<byte[]> response) {
        JsonObject ok() {
            assertThat(response.statusCode()).as(text()).isEqualTo(200);
            return JsonParser.parseObject(response.body());
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        void isRefused(int status, String errcode) {
            assertThat(response.statusCode()).as(text()).isEqualTo(status);
            JsonObject body = JsonParser.parseObject(response.body());
            assertThat(body.string("errcode")).contains(errcode);
            assertThat(body.string("error")).isPresent();
            assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        }
    }

    private static Answer request(String method, String path, @Nullable String body) {
        return send(builder(path)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String token(String localpart, int seed) {
        return AccessToken.make(UserId.of(localpart, SERVER), new Random(seed)).text();
    }

    private static byte[] hash(String token) {
        return AccessToken.parse(token, SERVER).orElseThrow().hash();
    }
}
