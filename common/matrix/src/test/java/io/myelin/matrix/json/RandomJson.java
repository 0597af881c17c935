package io.myelin.matrix.json;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random JSON values of every kind, made from a seed, with names and strings of every Unicode plane. */
public final class RandomJson {
    private static final int[] CODE_POINTS = {
        'a', 'b', '"', '\\', '/', 0, 0x1F, 0x7F, 0xE9, 0x20AC, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF, '{',
        '}', '[', ']', ',', ':', '\n'
    };

    private final RandomGenerator random;

    public RandomJson(RandomGenerator random) {
        this.random = random;
    }

    public Json value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> JsonNull.NULL;
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> Json.of(random.nextLong(-JsonNumber.MAX, JsonNumber.MAX + 1));
            case 3 -> Json.of(random.nextInt(-5, 5));
            case 4 -> Json.of(string());
            case 5 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    public JsonObject object(int depth) {
        var builder = JsonObject.builder();
        for (int i = random.nextInt(12); i > 0; i--) {
            builder.put(string(), value(depth));
        }
        return builder.build();
    }

    public String string() {
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }

    private JsonArray array(int depth) {
        List<Json> values = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            values.add(value(depth));
        }
        return new JsonArray(values);
    }
}
