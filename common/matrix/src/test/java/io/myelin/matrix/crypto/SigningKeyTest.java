package io.myelin.matrix.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
    private static final byte[] MESSAGE = "hello".getBytes(UTF_8);

    @Test
    void verifiesWhatItSigned() {
        SigningKey key = SigningKey.generate("ed25519:abc", new Random(1));
        byte[] signature = key.sign(MESSAGE);
        VerifyKey publicKey = VerifyKey.fromBase64(key.verifyKey().toBase64());
        assertThat(publicKey).isEqualTo(key.verifyKey()).hasSameHashCodeAs(key.verifyKey());
        assertThat(publicKey.verify(MESSAGE, signature)).isTrue();
        assertThat(publicKey.verify("hallo".getBytes(UTF_8), signature)).isFalse();
        signature[3] ^= 1;
        assertThat(publicKey.verify(MESSAGE, signature)).isFalse();
        assertThat(publicKey.verify(MESSAGE, new byte[5])).isFalse();
    }

    @Test
    void comesBackFromItsSeed() {
        SigningKey key = SigningKey.generate("ed25519:abc", new Random(1));
        SigningKey again = SigningKey.fromSeed(key.keyId(), key.seedBase64());
        assertThat(again.verifyKey()).isEqualTo(key.verifyKey());
        assertThat(again.sign(MESSAGE)).isEqualTo(key.sign(MESSAGE));
    }

    @Test
    void keepsItsSecretOutOfToString() {
        SigningKey key = SigningKey.generate("ed25519:abc", new Random(1));
        assertThat(key.toString()).contains("ed25519:abc").doesNotContain(key.seedBase64());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "ed25519:", "ed25519:a-b", "curve25519:a"})
    void rejectsOtherKeyIds(String keyId) {
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.generate(keyId, new Random(1)));
    }

    @Test
    void rejectsKeysOfTheWrongLength() {
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.fromSeed("ed25519:a", "AAAA"));
        assertThatIllegalArgumentException().isThrownBy(() -> VerifyKey.fromBase64("AAAA"));
    }

    @ParameterizedTest
    @CsvSource({"'',''", "f,Zg", "fo,Zm8", "foo,Zm9v", "foob,Zm9vYg", "fooba,Zm9vYmE", "foobar,Zm9vYmFy"})
    void encodesBase64AsTheSpecification(String text, String base64) {
        assertThat(UnpaddedBase64.encode(text.getBytes(UTF_8))).isEqualTo(base64);
        assertThat(UnpaddedBase64.decode(base64)).asString(UTF_8).isEqualTo(text);
    }

    @Test
    void decodesBase64WithOrWithoutPadding() {
        assertThat(UnpaddedBase64.decode("Zg==")).asString(UTF_8).isEqualTo("f");
        assertThat(UnpaddedBase64.encodeUrlSafe(new byte[] {-1, -2, -3, -4})).isEqualTo("__79_A");
        assertThat(UnpaddedBase64.decodeUrlSafe("__79_A")).containsExactly(-1, -2, -3, -4);
        assertThatIllegalArgumentException().isThrownBy(() -> UnpaddedBase64.decode("_"));
    }
}
