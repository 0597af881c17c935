package io.myelin.matrix.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import org.junit.jupiter.api.Test;

/** Vectors of the appendices, "Cryptographic Test Vectors". */
class SignedJsonTest {
    private static final SigningKey KEY =
            SigningKey.fromSeed("ed25519:1", "YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1");

    @Test
    void signsEmptyObject() {
        assertThat(SignedJson.sign(JsonObject.EMPTY, "domain", KEY)).isEqualTo(parse("""
                {"signatures":{"domain":{"ed25519:1":
                "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ"}}}
                """));
    }

    @Test
    void signsObjectWithData() {
        assertThat(SignedJson.sign(parse("{\"one\":1,\"two\":\"Two\"}"), "domain", KEY))
                .isEqualTo(parse("""
                {"one":1,"signatures":{"domain":{"ed25519:1":
                "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"}},
                "two":"Two"}
                """));
    }

    @Test
    void signatureCoversAllButUnsignedAndOtherSignatures() {
        JsonObject signed = SignedJson.sign(parse("{\"one\":1}"), "domain", KEY);
        JsonObject twice = SignedJson.sign(signed.with("unsigned", JsonObject.of("age", "1")), "other", KEY);
        assertThat(verifies(twice, "domain")).isTrue();
        assertThat(verifies(twice, "other")).isTrue();
        assertThat(verifies(twice.with("one", 2), "domain")).isFalse();
        assertThat(verifies(twice, "third")).isFalse();
    }

    @Test
    void doesNotVerifyWhatIsNoSignature() {
        JsonObject object = parse("{\"signatures\":{\"domain\":{\"ed25519:1\":\"not base64!\"},\"other\":7}}");
        assertThat(verifies(object, "domain")).isFalse();
        assertThat(verifies(object, "other")).isFalse();
        assertThat(verifies(parse("{\"signatures\":{\"domain\":{\"ed25519:1\":\"AAAA\"}}}"), "domain"))
                .isFalse();
    }

    private static boolean verifies(JsonObject object, String entity) {
        return SignedJson.verify(object, entity, "ed25519:1", KEY.verifyKey());
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseObject(json.getBytes(UTF_8));
    }
}
