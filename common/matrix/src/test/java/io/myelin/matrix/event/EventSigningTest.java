package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors of the appendices, "Event Signing". A redaction keeps {@code origin} in them, as in versions up to 10. */
class EventSigningTest {
    private static final SigningKey KEY =
            SigningKey.fromSeed("ed25519:1", "YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1");
    private static final ServerName DOMAIN = new ServerName("domain");
    private static final RoomVersion VERSION = RoomVersions.V10;

    private static final JsonObject MINIMAL = parse("""
            {"room_id":"!x:domain","sender":"@a:domain","origin":"domain","origin_server_ts":1000000,"signatures":{},
            "hashes":{},"type":"X","content":{},"prev_events":[],"auth_events":[],"depth":3,
            "unsigned":{"age_ts":1000000}}
            """);

    private static final JsonObject REDACTABLE = parse("""
            {"content":{"body":"Here is the message content"},"event_id":"$0:domain","origin":"domain",
            "origin_server_ts":1000000,"type":"m.room.message","room_id":"!r:domain","sender":"@u:domain",
            "signatures":{},"unsigned":{"age_ts":1000000}}
            """);

    @ParameterizedTest
    @MethodSource("versionsThatProtectOrigin")
    void hashesAndSignsMinimalEvent(RoomVersion version) {
        JsonObject signed = hashAndSign(version, MINIMAL);
        assertThat(signed.get("hashes"))
                .isEqualTo(JsonObject.of("sha256", "5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos"));
        assertThat(signed.get("signatures")).isEqualTo(parse("""
                {"domain":{"ed25519:1":
                "KxwGjPSDEtvnFgU00fwFz+l6d2pJM6XBIaMEn81SXPTRl16AqLAYqfIReFGZlHi5KLjAWbOoMszkwsQma+lYAg"}}
                """));
        assertThat(signed.without("hashes").without("signatures"))
                .isEqualTo(MINIMAL.without("hashes").without("signatures"));
    }

    @ParameterizedTest
    @MethodSource("versionsThatProtectOrigin")
    void hashesAndSignsEventWithRedactableContent(RoomVersion version) {
        JsonObject signed = hashAndSign(version, REDACTABLE);
        assertThat(signed.get("hashes"))
                .isEqualTo(JsonObject.of("sha256", "onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g"));
        assertThat(signed.get("signatures")).isEqualTo(parse("""
                {"domain":{"ed25519:1":
                "Wm+VzmOUOz08Ds+0NTWb1d4CZrVsJSikkeRxh6aCcUwu6pNC78FunoD7KNWzqFn241eYHYMGCA5McEiVPdhzBA"}}
                """));
    }

    /** A vector of Synapse's public tests, tests/crypto/test_event_signing.py. */
    @Test
    void hashesAndSignsAsSynapseDoesInVersion1() {
        JsonObject signed = hashAndSign(RoomVersions.V1, REDACTABLE.without("origin"));
        assertThat(signed.get("hashes"))
                .isEqualTo(JsonObject.of("sha256", "rDCeYBepPlI891h/RkI2/Lkf9bt7u0TxFku4tMs7WKk"));
        assertThat(signed.get("signatures")).isEqualTo(parse("""
                {"domain":{"ed25519:1":
                "Ay4aj2b5oJ1k8INYZ9n3KnszCflM0emwcmQQ7vxpbdcSv9bkJxIZdWX1IJllcZLq89+D3sSabE+vqPtZs9akDw"}}
                """));
    }

    /** The hash was computed with the Python code of the appendices, "Canonical JSON". */
    @Test
    void hashesTheNumbersOfOldVersionsAsPythonDoes() {
        byte[] body = """
                {"type":"m.room.power_levels","sender":"@a:x","room_id":"!r:x","state_key":"",
                "content":{"ban":50.50,"kick":1e3,"events":{"x":123456789012345678901234567890},"note":[-0.0,1E-7]},
                "depth":9223372036854775807,"origin_server_ts":5,"prev_events":[],"auth_events":[],
                "hashes":{"sha256":"1Bi7BgSn+EUbDppLN7fMCFUpyu7RKEBDkmQBLOqs/WM"},"signatures":{}}
                """.getBytes(UTF_8);
        Pdu event = Pdu.parse(RoomVersions.V5, body);
        assertThat(EventHashes.contentHashMatches(event.json())).isTrue();
        assertThat(event.eventId()).hasToString("$nTQXXtblgooqma_mq3AHqebtGLnlZ-SrucyqRPpDP6k");
    }

    @Test
    void signatureHoldsForRedactedCopyButNotForOtherEvent() {
        JsonObject signed = hashAndSign(VERSION, REDACTABLE);
        assertThat(verifies(signed)).isTrue();
        assertThat(verifies(Redaction.redact(VERSION, signed))).isTrue();
        assertThat(verifies(signed.with("content", JsonObject.EMPTY))).isTrue();
        assertThat(verifies(signed.with("sender", "@eve:domain"))).isFalse();
        assertThat(verifies(signed.without("hashes"))).isFalse();
    }

    @Test
    void contentHashTellsRedactedCopyFromOriginal() {
        JsonObject signed = hashAndSign(VERSION, REDACTABLE);
        assertThat(EventHashes.contentHashMatches(signed)).isTrue();
        assertThat(EventHashes.contentHashMatches(signed.with("unsigned", JsonObject.EMPTY)))
                .isTrue();
        assertThat(EventHashes.contentHashMatches(Redaction.redact(VERSION, signed)))
                .isFalse();
        assertThat(EventHashes.contentHashMatches(MINIMAL)).isFalse();
    }

    static List<RoomVersion> versionsThatProtectOrigin() {
        return RoomVersions.supported().subList(0, 10);
    }

    private static JsonObject hashAndSign(RoomVersion version, JsonObject event) {
        return EventSignatures.sign(version, EventHashes.withContentHash(event), DOMAIN, KEY);
    }

    private static boolean verifies(JsonObject event) {
        return EventSignatures.verify(VERSION, event, DOMAIN, "ed25519:1", KEY.verifyKey());
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseObject(json.getBytes(UTF_8));
    }
}
