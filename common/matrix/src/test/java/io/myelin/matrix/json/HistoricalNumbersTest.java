package io.myelin.matrix.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoricalNumbersTest {
    static List<Arguments> pythonNumbers() throws IOException {
        try (var resource = HistoricalNumbersTest.class.getResourceAsStream("/vectors/python-numbers.txt")) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(" ", -1))
                    .map(parts -> Arguments.of(parts[0], parts[1]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pythonNumbers")
    void areWrittenAsPythonDoes(String number, String written) {
        assertThat(written(number)).isEqualTo(written);
        assertThat(written(written)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740992",
                "-9007199254740993",
                "9223372036854775807",
                "18446744073709551616",
                "1606938044258990275541962092341162602522202993782792835301376"
            })
    void keepIntegersOfAnySize(String number) {
        assertThat(written(number)).isEqualTo(number);
    }

    @Test
    void readIntegersOfAsManyDigitsAsPython() {
        assertThat(written("9".repeat(4300))).isEqualTo("9".repeat(4300));
        assertThatExceptionOfType(InvalidJson.class).isThrownBy(() -> written("9".repeat(4301)));
    }

    @Test
    void haveNoNegativeZeroAmongIntegers() {
        assertThat(written("-0")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "1.8e308", "1e999999999"})
    void endWhereDoublesDo(String number) {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> written(number))
                .matches(e -> e.kind() == InvalidJson.Kind.UNACCEPTABLE);
    }

    @Test
    void areFoundAnywhere() {
        assertThat(HistoricalNumbers.occurIn(parse("{\"a\":[{\"b\":1.0}]}"))).isTrue();
        assertThat(HistoricalNumbers.occurIn(parse("{\"a\":9007199254740992}"))).isTrue();
        assertThat(HistoricalNumbers.occurIn(parse("{\"a\":[{\"b\":1,\"c\":\"1.0\",\"d\":null,\"e\":true}]}")))
                .isFalse();
    }

    @Test
    void areWrittenAnywhere() {
        assertThat(HistoricalNumbers.written(parse("{\"b\":[{\"c\":1.50},2,\"1.50\",null],\"a\":1e2}")))
                .hasToString("{\"a\":100.0,\"b\":[{\"c\":1.5},2,\"1.50\",null]}");
    }

    private static String written(String number) {
        return HistoricalNumbers.written(parse("[" + number + "]")).toString().replaceAll("[\\[\\]]", "");
    }

    private static Json parse(String text) {
        return JsonParser.parse(text.getBytes(UTF_8), JsonRules.LENIENT);
    }
}
