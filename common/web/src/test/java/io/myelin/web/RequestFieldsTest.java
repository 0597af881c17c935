package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestFieldsTest {
    private final RequestFields fields = RequestFields.of(JsonParser.parseObject("""
            {"text": "x", "number": 3, "flag": true, "list": ["a", 1], "nothing": null, "nul": "\\u0000",
             "inner": {"number": "no"}, "objects": [{"type": 5}]}
            """.getBytes(StandardCharsets.UTF_8)));

    @Test
    void readsWhatIsThere() {
        assertThat(fields.requiredString("text")).isEqualTo("x");
        assertThat(fields.integer("number", 1)).isEqualTo(3);
        assertThat(fields.bool("flag", false)).isTrue();
        assertThat(fields.string("absent")).isNull();
        assertThat(fields.string("nothing")).isNull();
    }

    @Test
    void namesAFieldOfTheWrongType() {
        assertRefused("M_BAD_JSON", "'number' must be a string.", () -> fields.string("number"));
        assertRefused("M_BAD_JSON", "'text' must be an integer.", () -> fields.integer("text"));
        assertRefused("M_BAD_JSON", "'text' must be true or false.", () -> fields.bool("text", true));
        assertRefused("M_BAD_JSON", "'list' must be an array of strings.", () -> fields.strings("list"));
        assertRefused("M_BAD_JSON", "'list' must be an object.", () -> fields.object("list"));
    }

    @Test
    void namesAFieldInsideOthersByItsPath() {
        RequestFields inner = Objects.requireNonNull(fields.fields("inner"));
        assertRefused("M_BAD_JSON", "'inner.number' must be an integer.", () -> inner.integer("number"));
        RequestFields first = fields.objects("objects").getFirst();
        assertRefused("M_BAD_JSON", "'objects[0].type' must be a string.", () -> first.string("type"));
    }

    @Test
    void namesAMissingField() {
        assertRefused("M_MISSING_PARAM", "'absent' is missing.", () -> fields.requiredString("absent"));
        assertRefused("M_MISSING_PARAM", "'nothing' is missing.", () -> fields.requiredString("nothing"));
    }

    @Test
    void refusesTextThatTheDatabaseDoesNotHave() {
        assertRefused("M_BAD_JSON", "'nul' must not contain U+0000.", () -> fields.string("nul"));
    }

    private static void assertRefused(String errcode, String error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MatrixException.class, e -> {
            assertThat(e.status()).isEqualTo(400);
            assertThat(e.body().string("errcode")).contains(errcode);
            assertThat(e.body().string("error")).contains(error);
        });
    }
}
