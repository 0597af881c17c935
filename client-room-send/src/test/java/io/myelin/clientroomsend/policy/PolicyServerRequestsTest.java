package io.myelin.clientroomsend.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.myelin.contracts.room.RoomAnswer.PolicySignatureNeeded;
import io.myelin.federation.authentication.SignedRequest;
import io.myelin.federation.authentication.XMatrix;
import io.myelin.federation.destination.Destinations;
import io.myelin.federation.discovery.ServerDiscovery;
import io.myelin.federation.discovery.WellKnown;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PolicyServer;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.outbound.AddressRules;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.TrustedCertificates;
import io.myelin.testing.TestCertificate;
import io.myelin.web.MatrixException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a policy server over TLS in this process. */
class PolicyServerRequestsTest {
    private static final ServerName OURS = new ServerName("example.org");
    private static final ServerName POLICY = ServerName.parse("policy.test:4433");
    private static final SigningKey KEY = SigningKey.generate("ed25519:a", new Random(1));
    private static final SigningKey POLICY_KEY = SigningKey.generate(PolicyServer.KEY_ID, new Random(2));
    private static final SigningKey WRONG_KEY = SigningKey.generate(PolicyServer.KEY_ID, new Random(3));
    private static final TestCertificate CERTIFICATE = TestCertificate.of("policy.test");

    @TempDir
    private static Path directory;

    private final Pdu event = new EventTemplate(
                    RoomVersions.V12,
                    new UserId("@alice:example.org"),
                    "m.room.message",
                    JsonObject.of("body", "hello"))
            .roomId(new RoomId("!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"))
            .originServerTs(1)
            .sign(OURS, KEY);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private SigningKey signsWith = POLICY_KEY;
    private int status = 200;
    private @Nullable String says;

    private HttpsServer server;
    private @Nullable OutboundHttp http;

    @BeforeEach
    void start() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.serverContext()));
        server.createContext("/_matrix/policy/v1/sign", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        Objects.requireNonNull(http).close();
        server.stop(0);
    }

    /** Signs the event if the request is signed as it should be. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonObject body = JsonParser.parseObject(exchange.getRequestBody().readAllBytes());
            XMatrix claim = XMatrix.parse(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElseThrow();
            var request = new SignedRequest(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), OURS, POLICY, body);
            seen.add(request.isSignedBy(KEY.verifyKey(), claim.signature()) ? "signed" : "not signed");
            Pdu signed = Pdu.of(RoomVersions.V12, body).signedBy(POLICY, signsWith);
            JsonObject signatures = signed.json().object("signatures").orElseThrow();
            String answer = says == null
                    ? JsonObject.of(
                                    POLICY.value(),
                                    signatures.object(POLICY.value()).orElseThrow())
                            .toString()
                    : says;
            byte[] bytes = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private byte[] ask(AddressRules rules) {
        http = new OutboundHttp(new OutboundHttp.Settings(
                rules,
                _ -> List.of(server.getAddress()),
                TrustedCertificates.and(TrustedCertificates.read(CERTIFICATE.writeTo(directory.resolve("ca.pem")))),
                Duration.ofSeconds(10),
                16,
                "test"));
        var discovery =
                new ServerDiscovery(new WellKnown(http, InstantSource.system(), Duration.ofSeconds(1)), _ -> List.of());
        var destinations = new Destinations(discovery, http, 16, Duration.ofSeconds(1), Duration.ofSeconds(2));
        return new PolicyServerRequests(OURS, () -> KEY, () -> destinations)
                .sign(new PolicySignatureNeeded(
                        POLICY, POLICY_KEY.verifyKey().toBytes(), "12", event.eventId(), event.bytes(), 7));
    }

    private MatrixException refused() {
        MatrixException refused = catchThrowableOfType(MatrixException.class, () -> ask(AddressRules.everywhere()));
        assertThat(refused).isNotNull();
        assertThat(refused.body().string("error").orElse("")).isNotEmpty();
        return refused;
    }

    private void isRefused(int expected, String errcode) {
        MatrixException refused = refused();
        assertThat(refused.status() + " " + refused.body().string("errcode").orElse(""))
                .isEqualTo(expected + " " + errcode);
    }

    private void says(int answer, String body) {
        status = answer;
        says = body;
    }

    @Test
    void addsTheSignatureOfThePolicyServer() {
        Pdu signed = Pdu.parse(RoomVersions.V12, ask(AddressRules.everywhere()));
        assertThat(new PolicyServer(POLICY, POLICY_KEY.verifyKey()).recommends(signed))
                .isTrue();
        assertThat(signed.bearsSignatureOf(OURS)).isTrue();
        assertThat(signed.eventId()).isEqualTo(event.eventId());
        assertThat(seen).containsExactly("signed");
    }

    @Test
    void tellsWhyThePolicyServerRefuses() {
        says(400, "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"This looks like spam.\"}");
        MatrixException refused = refused();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).hasToString("{\"errcode\":\"M_FORBIDDEN\",\"error\":\"This looks like spam.\"}");
    }

    @Test
    void endsNobodysSessionForThePolicyServer() {
        says(401, "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"Log in.\"}");
        isRefused(403, "M_FORBIDDEN");
        says(403, "{\"errcode\":\"M_USER_LOCKED\",\"error\":\"Log in.\"}");
        isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void passesOnErrorsOfItsOwnAndOnlyTheTextOfAnyTextThatItSends() {
        says(418, "{\"errcode\":\"ORG.EXAMPLE.SPAM\",\"error\":\"" + "a".repeat(999) + "\uD83D\uDE00b\"}");
        MatrixException refused = refused();
        assertThat(refused.status()).isEqualTo(418);
        assertThat(refused.body().string("errcode")).contains("ORG.EXAMPLE.SPAM");
        assertThat(refused.body().string("error")).contains("a".repeat(999) + "\uD83D\uDE00");
    }

    @Test
    void passesOnHowLongToWait() {
        says(429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"error\":\"Slowly.\",\"retry_after_ms\":99999999999}");
        MatrixException refused = refused();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body().integer("retry_after_ms")).hasValue(3_600_000);
    }

    @Test
    void refusesWhatIsNotSignedByTheKeyInTheRoom() {
        signsWith = WRONG_KEY;
        isRefused(403, "M_FORBIDDEN");
        says(200, "{}");
        isRefused(403, "M_FORBIDDEN");
        says(200, "no JSON");
        isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void sendsNothingWhileThePolicyServerDoesNotWork() {
        says(500, "{}");
        isRefused(502, "M_UNKNOWN");
        says(200, " ".repeat(70_000));
        isRefused(502, "M_UNKNOWN");
        server.stop(0);
        isRefused(502, "M_UNKNOWN");
    }

    @Test
    void asksNobodyAtAnAddressThatIsNotAllowed() {
        assertThat(catchThrowableOfType(MatrixException.class, () -> ask(AddressRules.publicAnd(null)))
                        .status())
                .isEqualTo(502);
        assertThat(seen).isEmpty();
    }
}
