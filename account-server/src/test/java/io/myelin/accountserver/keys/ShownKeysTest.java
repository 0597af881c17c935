package io.myelin.accountserver.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.UserKeys.KeySignature;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.storage.StoredKeys.StoredDevice;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownKeysTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");
    private static final String SIGNER = "ed25519:self";

    private static byte[] bytes(String json) {
        return CanonicalJson.encode(JsonParser.parseObject(json.getBytes(StandardCharsets.UTF_8), JsonRules.LENIENT));
    }

    private static JsonObject parsed(byte[] json) {
        return JsonParser.parseObject(json, JsonRules.LENIENT);
    }

    private static JsonObject shown(String uploaded, boolean signed, @Nullable String name) {
        var keys = new OfDevice(bytes(uploaded), signed ? new KeySignature(SIGNER, "by-self") : null);
        return parsed(ShownKeys.device(new StoredDevice(ALICE, "PHONE", keys, name)));
    }

    /** Whether bytes are spliced or not, the same is shown: usual forms, and whatever a client could think of. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":{},\"signatures\":{\"@alice:example.org\":{\"ed25519:PHONE\":\"s\"}},\"user_id\":\"u\"}",
                "{\"signatures\":{\"@alice:example.org\":{}}}",
                "{\"a\":1,\"signatures\":{}}",
                "{\"signatures\":{\"@aaa:example.org\":{\"k\":\"s\"},\"@alice:example.org\":{\"k\":\"s\"}}}",
                "{\"signatures\":{\"@alice:example.org\":{\"ed25519:self\":\"old\"}}}",
                "{\"a\":{\"signatures\":{\"@alice:example.org\":{\"k\":\"s\"}}},\"signatures\":{}}",
                "{\"a\\\"signatures\":{\"@alice:example.org\":{\"k\":\"s\"}},\"signatures\":{}}",
                "{\"signatures\":{\"@alice:example.org\":{\"k\":\"}{\\\\\\\"\"},\"@bob:example.org\":{\"k\":\"s\"}}}",
            })
    void aDeviceHasTheSignatureAndTheName(String uploaded) {
        JsonObject before = parsed(bytes(uploaded));
        JsonObject signatures = before.object("signatures").orElseThrow();
        JsonObject own = signatures.object(ALICE.value()).orElse(JsonObject.EMPTY);
        JsonObject expected = before.with("signatures", signatures.with(ALICE.value(), own.with(SIGNER, "by-self")));
        assertThat(shown(uploaded, true, "My \"phone\""))
                .isEqualTo(expected.with("unsigned", JsonObject.of("device_display_name", "My \"phone\"")));
        assertThat(shown(uploaded, true, null)).isEqualTo(expected.with("unsigned", JsonObject.EMPTY));
        assertThat(shown(uploaded, false, null)).isEqualTo(before.with("unsigned", JsonObject.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":{\"ed25519:K\":\"K\"}}",
                "{\"keys\":{\"ed25519:K\":\"K\"},\"signatures\":{\"@alice:example.org\":{\"k\":\"s\"}}}",
                "{\"keys\":{\"ed25519:K\":\"K\"},\"signatures\":{\"@alice:example.org\":{\"k\":\"s}\\\"\"},\"@bob:example.org\":{\"k\":\"s\"}}}",
                "{\"keys\":{\"ed25519:K\":\"K\"},\"signatures\":{\"@alice:example.org\":{\"k\":{\"x\":1}},\"@zed:example.org\":{}}}",
                "{\"a\":{\"signatures\":{}},\"keys\":{\"ed25519:K\":\"K\"},\"signatures\":{\"@zed:example.org\":{\"k\":\"s\"}}}",
            })
    void aCrossSigningKeyHasTheSignaturesOfItsOwnerAndTheViewerAlone(String stored) {
        JsonObject key = parsed(bytes(stored));
        JsonObject expected = key.object("signatures")
                .map(all -> key.with("signatures", all.retain(ALICE.value()::equals)))
                .orElse(key);
        assertThat(parsed(ShownKeys.crossSigning(bytes(stored), ALICE, BOB, null)))
                .isEqualTo(expected);
        var signed = new SignedMaster("K", new KeySignature("ed25519:bobs", "by-bob"));
        JsonObject withBob = parsed(ShownKeys.crossSigning(bytes(stored), ALICE, BOB, signed));
        assertThat(withBob.object("signatures").flatMap(all -> all.object(BOB.value())))
                .contains(JsonObject.of("ed25519:bobs", "by-bob"));
        var ofAnother = new SignedMaster("OTHER", new KeySignature("ed25519:bobs", "by-bob"));
        assertThat(parsed(ShownKeys.crossSigning(bytes(stored), ALICE, BOB, ofAnother)))
                .isEqualTo(expected);
    }

    @Test
    void theUsualFormIsShownAsItIsStored() {
        byte[] key = bytes("{\"keys\":{},\"signatures\":{\"@alice:example.org\":{\"k\":\"s\"}}}");
        assertThat(ShownKeys.crossSigning(key, ALICE, BOB, null)).isSameAs(key);
    }
}
