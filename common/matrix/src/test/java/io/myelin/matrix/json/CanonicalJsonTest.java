package io.myelin.matrix.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CanonicalJsonTest {
    /** The last example of the specification has a number with an exponent, which events may not have. */
    private static final String WITH_EXPONENT = "1e10";

    static List<Arguments> specVectors() throws IOException {
        try (var resource = CanonicalJsonTest.class.getResourceAsStream("/spec/canonical-json.txt")) {
            String text = new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
            return Arrays.stream(text.substring(text.indexOf('\n') + 1).split("\n\n", -1))
                    .map(vector -> vector.split("\n----\n", -1))
                    .map(parts -> Arguments.of(parts[0], parts[1].strip()))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("specVectors")
    void encodesExamplesOfTheSpecification(String input, String canonical) {
        if (input.contains(WITH_EXPONENT)) {
            assertThatThrownBy(() -> parse(input)).isInstanceOf(InvalidJson.class);
        }
        String acceptable = input.replace(WITH_EXPONENT, "10000000000");
        assertThat(CanonicalJson.encode(parse(acceptable))).asString(UTF_8).isEqualTo(canonical);
    }

    @Test
    void specificationHasTenExamples() throws IOException {
        assertThat(specVectors()).hasSize(10);
    }

    @Test
    void sortsNamesByCodePointNotByUtf16() {
        Json object = parse("{\"\uD83D\uDE00\":1,\"\uFF5E\":2,\"\uE000\":3,\"z\":4,\"\":5,\"zz\":6}");
        assertThat(CanonicalJson.encode(object))
                .asString(UTF_8)
                .isEqualTo("{\"\":5,\"z\":4,\"zz\":6,\"\uE000\":3,\"\uFF5E\":2,\"\uD83D\uDE00\":1}");
    }

    @Test
    void escapesControlCharactersTheShortestWay() {
        var controls = new StringBuilder();
        for (char c = 0; c < 0x20; c++) {
            controls.append(c);
        }
        assertThat(Json.of(controls + "\"\\/\u007F\u2028"))
                .hasToString(
                        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
                                + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
                                + "\\u001e\\u001f\\\"\\\\/\u007F\u2028\"");
    }

    @Test
    void encodesEveryLengthOfUtf8AsTheJdkDoes() {
        String text = "aé€😀".repeat(1000) + "\u0000".repeat(1000) + "ß".repeat(1000);
        String expected = "\"" + text.replace("\u0000", "\\u0000") + "\"";
        assertThat(CanonicalJson.encode(Json.of(text))).isEqualTo(expected.getBytes(UTF_8));
    }

    @Test
    void encodesIntegersUpToTheLimits() {
        assertThat(JsonArray.of(Json.of(JsonNumber.MAX), Json.of(-JsonNumber.MAX), Json.of(0)))
                .hasToString("[9007199254740991,-9007199254740991,0]");
    }

    @Test
    void refusesLoneSurrogates() {
        assertThatThrownBy(() -> CanonicalJson.encode(Json.of("\uD800"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.encode(Json.of("\uDC00\uD800")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Json parse(String text) {
        return JsonParser.parse(text.getBytes(UTF_8));
    }
}
