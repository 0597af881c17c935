package io.myelin.federationsend.transport.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.federation.authentication.SignedRequest;
import io.myelin.federation.authentication.Unauthenticated;
import io.myelin.federation.authentication.XMatrix;
import io.myelin.federationsend.transport.keys.RemoteKeys;
import io.myelin.federationsend.transport.keys.ServerKeys;
import io.myelin.federationsend.transport.keys.UnacceptableKeys;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestCheckTest {
    private static final ServerName US = ServerName.parse("us.test");
    private static final ServerName THEM = ServerName.parse("them.test");
    private static final SigningKey KEY = SigningKey.generate("ed25519:1", new Random(1));
    private static final SigningKey STRANGER = SigningKey.generate("ed25519:1", new Random(2));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String URI = "/_matrix/federation/v1/send/1?a=%2F";
    private static final JsonObject BODY = JsonObject.of("pdus", "none");

    private final RequestCheck check = new RequestCheck(
            US, new RemoteKeys(RequestCheckTest::keys, InstantSource.fixed(NOW), Duration.ofMinutes(1), 1 << 20));

    private static ServerKeys keys(ServerName server) {
        if (!server.equals(THEM)) {
            // The answer of a server that has no keys.
            return ServerKeys.check(server, JsonObject.EMPTY, NOW);
        }
        var json = JsonObject.builder()
                .put("server_name", THEM.value())
                .put("valid_until_ts", NOW.plusSeconds(60).toEpochMilli())
                .put(
                        "verify_keys",
                        JsonObject.of(
                                "ed25519:1",
                                JsonObject.of("key", KEY.verifyKey().toBase64())))
                .build();
        return ServerKeys.check(server, SignedJson.sign(json, THEM.value(), KEY), NOW);
    }

    private ServerName check(List<String> headers, String method, String uri, @Nullable Json content) {
        return check.origin(check.claims(headers), method, uri, content);
    }

    private static String header(SigningKey key, ServerName origin, @Nullable Json content) {
        return new SignedRequest("PUT", URI, origin, US, content).sign(key).header();
    }

    @Test
    void signsAsTheSpecificationDescribes() {
        var json = JsonObject.of(Map.of(
                "method", Json.of("PUT"),
                "uri", Json.of(URI),
                "origin", Json.of(THEM.value()),
                "destination", Json.of(US.value()),
                "content", BODY));
        var expected = SignedJson.signature(SignedJson.sign(json, THEM.value(), KEY), THEM.value(), "ed25519:1")
                .orElseThrow();
        assertThat(new SignedRequest("PUT", URI, THEM, US, BODY).sign(KEY).signature())
                .isEqualTo(expected);
    }

    @Test
    void knowsWhoSignedARequest() {
        assertThat(check(List.of(header(KEY, THEM, BODY)), "PUT", URI, BODY)).isEqualTo(THEM);
    }

    @Test
    void knowsWhoSignedARequestWithoutABody() {
        assertThat(check(List.of(header(KEY, THEM, null)), "PUT", URI, null)).isEqualTo(THEM);
    }

    @Test
    void bodyIsCoveredWhateverItsNumbersAre() {
        var body = JsonParser.parse("{\"depth\": 1.50, \"a\": 1e3}".getBytes(UTF_8), JsonRules.LENIENT);
        assertThat(check(List.of(header(KEY, THEM, body)), "PUT", URI, body)).isEqualTo(THEM);
    }

    @Test
    void oneTrueHeaderOfSeveralSuffices() {
        var unknownKey = header(SigningKey.generate("ed25519:new", new Random(3)), THEM, BODY);
        assertThat(check(List.of("Bearer x", unknownKey, header(KEY, THEM, BODY)), "PUT", URI, BODY))
                .isEqualTo(THEM);
    }

    @Test
    void refusesWhatWasChangedAfterItWasSigned() {
        var headers = List.of(header(KEY, THEM, BODY));
        assertRefused(() -> check(headers, "POST", URI, BODY), "not valid for this request");
        assertRefused(() -> check(headers, "PUT", "/_matrix/federation/v1/send/1?a=/", BODY), "not valid");
        assertRefused(() -> check(headers, "PUT", URI, BODY.with("more", "x")), "not valid");
        assertRefused(() -> check(headers, "PUT", URI, null), "not valid");
    }

    @Test
    void refusesTheSignatureOfAStranger() {
        assertRefused(() -> check(List.of(header(STRANGER, THEM, BODY)), "PUT", URI, BODY), "not valid");
    }

    @Test
    void refusesKeysThatTheirServerDoesNotPublish() {
        var other = ServerName.parse("other.test");
        assertThatThrownBy(() -> keys(other)).isInstanceOf(UnacceptableKeys.class);
        assertRefused(() -> check(List.of(header(KEY, other, BODY)), "PUT", URI, BODY), "cannot be had");
    }

    @Test
    void refusesRequestsToOthersFromOurselvesAndFromNobody() {
        var elsewhere = new SignedRequest("PUT", URI, THEM, ServerName.parse("elsewhere.test"), BODY)
                .sign(KEY)
                .header();
        assertRefused(() -> check.claims(List.of(elsewhere)), "is for elsewhere.test");
        assertRefused(() -> check.claims(List.of(header(KEY, US, BODY))), "to itself");
        assertRefused(() -> check.claims(List.of("Bearer abc")), "needs an Authorization header");
        assertRefused(() -> check.claims(List.of()), "needs an Authorization header");
        assertRefused(
                () -> check.claims(List.of(header(KEY, THEM, BODY), header(KEY, ServerName.parse("other.test"), BODY))),
                "more than one origin");
    }

    private static void assertRefused(Runnable request, String why) {
        assertThatThrownBy(request::run).isInstanceOf(Unauthenticated.class).hasMessageContaining(why);
    }
}
