package io.myelin.matrix.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersions;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyServerTest {
    private static final ServerName OURS = new ServerName("example.org");
    private static final ServerName POLICY = new ServerName("policy.example.org");
    private static final SigningKey KEY = SigningKey.fromSeed("ed25519:1", UnpaddedBase64.encode(new byte[32]));
    private static final SigningKey POLICY_KEY = SigningKey.fromSeed(PolicyServer.KEY_ID, UnpaddedBase64.encode(seed()));

    private static byte[] seed() {
        byte[] seed = new byte[32];
        seed[0] = 7;
        return seed;
    }

    private final PolicyServer server = new PolicyServer(POLICY, POLICY_KEY.verifyKey());
    private final Pdu event = new EventTemplate(
                    RoomVersions.V12, new UserId("@alice:example.org"), "m.room.message", JsonObject.of("body", "hello"))
            .roomId(new RoomId("!room"))
            .originServerTs(1)
            .sign(OURS, KEY);

    private JsonObject answer(SigningKey key) {
        Pdu signed = event.signedBy(POLICY, key);
        JsonObject all = signed.json().object("signatures").orElseThrow();
        return JsonObject.of(POLICY.value(), all.object(POLICY.value()).orElseThrow());
    }

    @Test
    void recommendsWhatItHasSigned() {
        Pdu signed = server.signed(event, answer(POLICY_KEY));
        assertThat(server.recommends(event)).isFalse();
        assertThat(server.recommends(signed)).isTrue();
        assertThat(signed.eventId()).isEqualTo(event.eventId());
        assertThat(signed.bearsSignatureOf(OURS)).isTrue();
    }

    @Test
    void recommendsNothingThatAnotherKeyHasSigned() {
        Pdu signed = server.signed(event, answer(SigningKey.fromSeed(PolicyServer.KEY_ID, UnpaddedBase64.encode(new byte[32]))));
        assertThat(server.recommends(signed)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"policy.example.org\":{}}",
                "{\"policy.example.org\":7}",
                "{\"policy.example.org\":{\"ed25519:policy_server\":\"?\"}}",
                "{\"other.example.org\":{\"ed25519:policy_server\":\"AAAA\"}}"
            })
    void anAnswerWithoutItsSignatureAddsNone(String answer) {
        Pdu same = server.signed(event, JsonParser.parseObject(answer.getBytes(StandardCharsets.UTF_8)));
        assertThat(server.recommends(same)).isFalse();
        assertThat(same.bytes()).isEqualTo(event.bytes());
    }

    @Test
    void isWhoTheRoomNames() {
        String key = UnpaddedBase64.encode(POLICY_KEY.verifyKey().toBytes());
        JsonObject content = JsonObject.of("via", POLICY.value())
                .with("public_keys", JsonObject.of("ed25519", key));
        assertThat(PolicyServer.of(content)).contains(server);
        assertThat(PolicyServer.of(content.without("via"))).isEmpty();
        assertThat(PolicyServer.of(content.with("via", "not a name"))).isEmpty();
        assertThat(PolicyServer.of(content.without("public_keys"))).isEmpty();
        assertThat(PolicyServer.of(content.with("public_keys", JsonObject.of("ed25519", "AAAA"))))
                .contains(new PolicyServer(POLICY, null));
        String example = "6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s";
        assertThat(PolicyServer.of(content.with("public_keys", JsonObject.of("ed25519", example)))
                        .orElseThrow()
                        .key())
                .isNotNull();
        assertThat(PolicyServer.of(content.with("public_keys", JsonObject.of("rsa", key))))
                .isEmpty();
    }

    @Test
    void isNotAskedAboutItself() {
        assertThat(PolicyServer.isAskedAbout("m.room.policy", "")).isFalse();
        assertThat(PolicyServer.isAskedAbout("m.room.policy", "x")).isTrue();
        assertThat(PolicyServer.isAskedAbout("m.room.policy", null)).isTrue();
        assertThat(PolicyServer.isAskedAbout("m.room.member", "@alice:example.org")).isTrue();
    }
}
