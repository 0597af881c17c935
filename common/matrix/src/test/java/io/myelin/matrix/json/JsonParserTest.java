package io.myelin.matrix.json;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.myelin.matrix.json.InvalidJson.Kind;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonParserTest {
    @Test
    void readsEveryKindOfValue() {
        JsonObject object = JsonParser.parseObject(
                " {\"s\":\"\\u00e9\\ud83d\\ude00\",\"n\":-12,\"t\":true,\"f\":false,\"z\":null,\"a\":[1,[]],\"o\":{\"x\":{}}} "
                        .getBytes(UTF_8));
        assertThat(object.string("s")).contains("é😀");
        assertThat(object.integer("n")).hasValue(-12);
        assertThat(object.bool("t")).contains(true);
        assertThat(object.bool("f")).contains(false);
        assertThat(object.get("z")).isEqualTo(JsonNull.NULL);
        assertThat(object.array("a")).contains(JsonArray.of(Json.of(1), JsonArray.EMPTY));
        assertThat(object.object("o")).contains(JsonObject.of("x", JsonObject.EMPTY));
        assertThat(object.string("n")).isEmpty();
        assertThat(object.get("missing")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "nul",
                "01",
                "+1",
                "NaN",
                "-",
                "1 2",
                "{}{}",
                "{} x",
                "\"a",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12\"",
                "// c\n1",
                "[1",
                "]",
                "{\"a\"}",
                "{\"a\":}",
                "\uFEFF{}",
                ".5",
                "1."
            })
    void rejectsWhatIsNoJson(String text) {
        assertRejected(text.getBytes(UTF_8), Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "1e3",
                "-0.0",
                "9007199254740992",
                "-9007199254740992",
                "99999999999999999999999",
                "9223372036854775808",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"x\":{\"b\":1,\"a\":2,\"c\":3,\"a\":4}}"
            })
    void rejectsJsonThatIsNotCanonicalisable(String text) {
        assertRejected(text.getBytes(UTF_8), Kind.UNACCEPTABLE);
    }

    @Test
    void rejectsNumbersBeyondJacksonsPatience() {
        assertRejected("9".repeat(5000).getBytes(UTF_8), Kind.UNACCEPTABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "\"\\udc00\\ud800\"", "{\"\\ud800\":1}", "\"a\\ud83dx\""})
    void rejectsLoneSurrogates(String text) {
        assertRejected(text.getBytes(UTF_8), Kind.MALFORMED);
    }

    /** U+1D800, of which the last 16 bits are those of a surrogate. */
    @ParameterizedTest
    @ValueSource(strings = {"{\ud836\udc00", "\"\\\ud836\udc00\""})
    void saysInWellFormedTextWhatDoesNotBelongThere(String text) {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonParser.parse(text.getBytes(UTF_8)))
                .satisfies(rejected -> assertThat(UTF_8.newEncoder().canEncode(String.valueOf(rejected.getMessage())))
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22c08022", // NUL, overlong
                "22c1bf22",
                "22e09f8022", // overlong
                "22eda08022", // a surrogate
                "22eda0bdedb88022", // a pair of surrogates, as CESU-8 has them
                "22f08f808022", // overlong
                "22f490808022", // beyond U+10FFFF
                "22f5808080",
                "22e282",
                "22ff22",
                "228022",
                "220022"
            })
    void rejectsMalformedUtf8(String hex) {
        assertRejected(HexFormat.of().parseHex(hex), Kind.MALFORMED);
    }

    @Test
    void rejectsOtherEncodings() {
        assertRejected("{\"a\":1}".getBytes(UTF_16LE), Kind.MALFORMED);
    }

    @Test
    void acceptsIntegersUpToTheLimits() {
        assertThat(JsonParser.parse("[9007199254740991,-9007199254740991]".getBytes(UTF_8)))
                .isEqualTo(JsonArray.of(Json.of(JsonNumber.MAX), Json.of(-JsonNumber.MAX)));
    }

    @Test
    void countsDepth() {
        assertThat(JsonParser.parse(nested(100))).isInstanceOf(JsonArray.class);
        assertRejected(nested(101), Kind.UNACCEPTABLE);
        assertRejected(nested(100_000), Kind.UNACCEPTABLE);
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonParser.parse(nested(3), JsonRules.STRICT.withMaxDepth(2)));
    }

    @Test
    void eventsOfOthersMayBeDeepAndTakeLittleStack() throws InterruptedException {
        AtomicBoolean isRead = new AtomicBoolean();
        Thread small = new Thread(
                null,
                () -> {
                    byte[] text = nestedObjects(1_000);
                    Json deep = JsonParser.parse(text, JsonRules.LENIENT_EVENTS);
                    Json again = JsonParser.parse(text, JsonRules.LENIENT_EVENTS);
                    isRead.set(deep.equals(again)
                            && deep.hashCode() == again.hashCode()
                            && !HistoricalNumbers.occurIn(deep)
                            && HistoricalNumbers.written(deep).equals(deep)
                            && Arrays.equals(CanonicalJson.encode(deep), text));
                },
                "small",
                512 * 1024);
        small.start();
        small.join();
        assertThat(isRead).isTrue();
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonParser.parse(nested(1_001), JsonRules.STRICT_EVENTS));
    }

    @Test
    void keepsAnyNumberAsItsTextWhenLenient() {
        JsonObject object = JsonParser.parseObject(
                "{\"a\":1.50,\"b\":1E+3,\"c\":123456789012345678901234567890,\"d\":7}".getBytes(UTF_8),
                JsonRules.LENIENT);
        assertThat(object.get("a")).isEqualTo(new JsonDecimal("1.50"));
        assertThat(object.get("d")).isEqualTo(new JsonNumber(7));
        assertThat(object).hasToString("{\"a\":1.50,\"b\":1E+3,\"c\":123456789012345678901234567890,\"d\":7}");
    }

    @Test
    void wantsAnObjectWhereOneIsAskedFor() {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonParser.parseObject("[]".getBytes(UTF_8)))
                .matches(e -> e.kind() == Kind.UNACCEPTABLE);
    }

    @Test
    void readsRareNamesLikeAllOthers() {
        byte[] text = "{\"ed25519:\\u00e9\":{\"é\":[1,null,\"\\ud83d\\ude00\"],\"\":{}}}".getBytes(UTF_8);
        assertThat(JsonParser.parseObjectWithRareNames(text, JsonRules.LENIENT))
                .isEqualTo(JsonParser.parseObject(text, JsonRules.LENIENT));
        for (String wrong : new String[] {"{\"a\":1,\"a\":2}", "[]", "{\"\\ud83d\":1}", "{\"a\":1} {}", "{"}) {
            assertThatExceptionOfType(InvalidJson.class)
                    .as(wrong)
                    .isThrownBy(() -> JsonParser.parseObjectWithRareNames(wrong.getBytes(UTF_8), JsonRules.LENIENT));
        }
    }

    @Test
    void namesTheDuplicate() {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonParser.parse("{\"body\":1,\"body\":2}".getBytes(UTF_8)))
                .withMessageContaining("'body' twice");
    }

    private static void assertRejected(byte[] text, Kind kind) {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonParser.parse(text))
                .withMessageEndingWith(".")
                .matches(e -> e.kind() == kind, "is " + kind);
    }

    private static byte[] nestedObjects(int depth) {
        return ("{\"a\":[".repeat(depth / 2) + "]}".repeat(depth / 2)).getBytes(UTF_8);
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }
}
