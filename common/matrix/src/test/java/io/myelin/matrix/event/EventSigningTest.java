package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.Test;

/** Vectors of the appendices, "Event Signing"; their redaction protects {@code origin}, as up to version 10. */
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

    @Test
    void hashesAndSignsMinimalEvent() {
        JsonObject signed = hashAndSign(MINIMAL);
        assertThat(signed.get("hashes"))
                .isEqualTo(JsonObject.of("sha256", "5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos"));
        assertThat(signed.get("signatures")).isEqualTo(parse("""
                {"domain":{"ed25519:1":
                "KxwGjPSDEtvnFgU00fwFz+l6d2pJM6XBIaMEn81SXPTRl16AqLAYqfIReFGZlHi5KLjAWbOoMszkwsQma+lYAg"}}
                """));
        assertThat(signed.without("hashes").without("signatures"))
                .isEqualTo(MINIMAL.without("hashes").without("signatures"));
    }

    @Test
    void hashesAndSignsEventWithRedactableContent() {
        JsonObject signed = hashAndSign(REDACTABLE);
        assertThat(signed.get("hashes"))
                .isEqualTo(JsonObject.of("sha256", "onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g"));
        assertThat(signed.get("signatures")).isEqualTo(parse("""
                {"domain":{"ed25519:1":
                "Wm+VzmOUOz08Ds+0NTWb1d4CZrVsJSikkeRxh6aCcUwu6pNC78FunoD7KNWzqFn241eYHYMGCA5McEiVPdhzBA"}}
                """));
    }

    @Test
    void signatureHoldsForRedactedCopyButNotForOtherEvent() {
        JsonObject signed = hashAndSign(REDACTABLE);
        assertThat(verifies(signed)).isTrue();
        assertThat(verifies(Redaction.redact(VERSION, signed))).isTrue();
        assertThat(verifies(signed.with("content", JsonObject.EMPTY))).isTrue();
        assertThat(verifies(signed.with("sender", "@eve:domain"))).isFalse();
        assertThat(verifies(signed.without("hashes"))).isFalse();
    }

    @Test
    void contentHashTellsRedactedCopyFromOriginal() {
        JsonObject signed = hashAndSign(REDACTABLE);
        assertThat(EventHashes.contentHashMatches(signed)).isTrue();
        assertThat(EventHashes.contentHashMatches(signed.with("unsigned", JsonObject.EMPTY)))
                .isTrue();
        assertThat(EventHashes.contentHashMatches(Redaction.redact(VERSION, signed)))
                .isFalse();
        assertThat(EventHashes.contentHashMatches(MINIMAL)).isFalse();
    }

    private static JsonObject hashAndSign(JsonObject event) {
        return EventSignatures.sign(VERSION, EventHashes.withContentHash(event), DOMAIN, KEY);
    }

    private static boolean verifies(JsonObject event) {
        return EventSignatures.verify(VERSION, event, DOMAIN, "ed25519:1", KEY.verifyKey());
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseObject(json.getBytes(UTF_8));
    }
}
