package io.myelin.matrix.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesAsAMapOrderedByCodePoint(long seed) {
        var random = new Random(seed);
        var names = new RandomJson(random);
        var model = new TreeMap<String, Json>((a, b) -> compareCodePoints(a, b));
        JsonObject object = JsonObject.EMPTY;
        for (int i = 0; i < 3_000; i++) {
            String name = names.string();
            if (random.nextInt(3) > 0) {
                object = object.with(name, i);
                model.put(name, Json.of(i));
            } else {
                object = object.without(name);
                model.remove(name);
            }
            assertThat(object.get(name)).isEqualTo(model.get(name));
            if (i % 100 == 0) {
                assertThat(object.names()).containsExactlyElementsOf(model.keySet());
                assertThat(object).isEqualTo(JsonObject.of(model)).hasSameHashCodeAs(JsonObject.of(model));
            }
        }
    }

    @Test
    void copiesLeaveTheOriginalAlone() {
        JsonObject original = JsonObject.of("a", "1");
        JsonObject changed = original.with("a", "2").with("b", true).without("a");
        assertThat(original).hasToString("{\"a\":\"1\"}");
        assertThat(changed).hasToString("{\"b\":true}");
        assertThat(original.without("x")).isSameAs(original);
    }

    @Test
    void builderKeepsTheLastOfOneName() {
        JsonObject object = JsonObject.builder()
                .put("b", 1)
                .put("a", 1)
                .put("b", 2)
                .putIfPresent("c", null)
                .build();
        assertThat(object).hasToString("{\"a\":1,\"b\":2}");
    }

    @Test
    void visitsMembersInOrder() {
        List<String> seen = new ArrayList<>();
        JsonObject.of("b", "2").with("a", "1").forEach((name, value) -> seen.add(name + value));
        assertThat(seen).containsExactly("a\"1\"", "b\"2\"");
    }

    private static int compareCodePoints(String a, String b) {
        int[] x = a.codePoints().toArray();
        int[] y = b.codePoints().toArray();
        return java.util.Arrays.compare(x, y);
    }
}
