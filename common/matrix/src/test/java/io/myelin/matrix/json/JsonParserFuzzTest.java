package io.myelin.matrix.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonParserFuzzTest {
    private static final byte[] TELLING_BYTES =
            "{}[]\",:\\u0019aeE+-.tfn \n\t/'\0".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsBackWhatItWrote(long seed) {
        var json = new RandomJson(new Random(seed));
        for (int i = 0; i < 2_000; i++) {
            Json value = json.value(4);
            byte[] canonical = CanonicalJson.encode(value);
            assertThat(JsonParser.parse(canonical)).isEqualTo(value);
            assertThat(CanonicalJson.encode(JsonParser.parse(canonical))).isEqualTo(canonical);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void answersAnythingWithAValueOrInvalidJson(long seed) {
        var random = new Random(seed);
        var json = new RandomJson(random);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutated(CanonicalJson.encode(json.value(4)), random);
            for (JsonRules rules : new JsonRules[] {JsonRules.STRICT, JsonRules.LENIENT}) {
                try {
                    // Accepted input is JSON: it can be written and read again.
                    Json value = JsonParser.parse(mutated, rules);
                    assertThat(JsonParser.parse(CanonicalJson.encode(value), rules))
                            .isEqualTo(value);
                } catch (InvalidJson e) {
                    assertThat(e).hasMessageEndingWith(".");
                }
            }
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] mutated = Arrays.copyOf(bytes, Math.max(1, bytes.length + random.nextInt(-3, 4)));
        for (int i = random.nextInt(4); i > 0; i--) {
            mutated[random.nextInt(mutated.length)] = random.nextBoolean()
                    ? TELLING_BYTES[random.nextInt(TELLING_BYTES.length)]
                    : (byte) random.nextInt(256);
        }
        return mutated;
    }
}
