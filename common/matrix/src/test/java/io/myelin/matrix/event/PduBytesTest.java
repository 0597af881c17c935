package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.json.RandomJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PduBytesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsEveryMemberOfAnyObject(long seed) {
        var random = new RandomJson(new Random(seed));
        for (int i = 0; i < 2_000; i++) {
            JsonObject object = random.object(3).with("content", random.object(3));
            byte[] body = CanonicalJson.encode(object);
            assertThat(PduBytes.content(body))
                    .isEqualTo(CanonicalJson.encode(object.object("content").orElseThrow()));
            object.forEach((name, value) -> {
                String encoded = CanonicalJson.encodeToString(new JsonString(name));
                // Names are compared as written, so a name with escapes has to be asked for with its escapes.
                assertThat(PduBytes.find(body, encoded.substring(1, encoded.length() - 1)))
                        .hasToString(value.toString());
            });
            assertThat(PduBytes.find(body, "no such name")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void findsEveryMemberOfAnObjectInside(long seed) {
        var random = new RandomJson(new Random(seed));
        for (int i = 0; i < 2_000; i++) {
            JsonObject inside = random.object(3);
            // What follows the object has names of its own, which are not the object's.
            byte[] body = CanonicalJson.encode(
                    JsonObject.of("content", inside).with("no such name", 1).with("type", "t"));
            ByteSlice content = PduBytes.contentSlice(body);
            inside.forEach((name, value) -> {
                String encoded = CanonicalJson.encodeToString(new JsonString(name));
                ByteSlice found = PduBytes.find(content, encoded.substring(1, encoded.length() - 1));
                assertThat(found).hasToString(value.toString());
                assertThat(PduBytes.text(found)).isEqualTo(value instanceof JsonString(String text) ? text : null);
            });
            assertThat(PduBytes.find(content, "no such name")).isNull();
        }
    }

    @Test
    void findsSeveralMembersInOnePass() {
        byte[] body = CanonicalJson.encode(JsonObject.of("sender", "@a:b")
                .with("content", JsonObject.of("type", "inside").with("sender", "inside"))
                .with("type", "t"));
        assertThat(new EventMembers("type", "sender", "missing", "content").in(body))
                .satisfiesExactly(
                        type -> assertThat(type).hasToString("\"t\""),
                        sender -> assertThat(sender).hasToString("\"@a:b\""),
                        missing -> assertThat(missing).isNull(),
                        content -> assertThat(content).hasToString("{\"sender\":\"inside\",\"type\":\"inside\"}"));
        assertThat(new EventMembers("type").in(CanonicalJson.encode(JsonObject.EMPTY))).containsOnlyNulls();
    }

    @Test
    void isNotMisledByContentInsideOfOtherMembers() {
        byte[] body = CanonicalJson.encode(JsonObject.of("auth_events", "\"content\":{}")
                .with("a", JsonObject.of("content", "wrong"))
                .with("content", JsonObject.of("body", "right")));
        assertThat(PduBytes.contentSlice(body)).hasToString("{\"body\":\"right\"}");
    }

    @Test
    void writesSliceWithoutCopyingIt() throws IOException {
        var out = new ByteArrayOutputStream();
        PduBytes.contentSlice(CanonicalJson.encode(JsonObject.of("content", Json.of(7))))
                .writeTo(out);
        assertThat(out.toString(UTF_8)).isEqualTo("7");
    }

    @Test
    void saysWhenThereIsNoContent() {
        assertThatIllegalArgumentException().isThrownBy(() -> PduBytes.content("{}".getBytes(UTF_8)));
    }
}
