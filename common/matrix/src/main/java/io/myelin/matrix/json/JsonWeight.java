package io.myelin.matrix.json;

/**
 * About how many bytes of memory a JSON value takes: some thirty times its text for a list of small numbers. With object
 * headers of 12 bytes and references of 4.
 */
public final class JsonWeight {

    private static final long OBJECT = 56;
    private static final long MEMBER = 8;
    private static final long ARRAY = 48;
    private static final long ELEMENT = 4;
    private static final long NUMBER = 24;
    private static final long STRING = 56;

    private JsonWeight() {}

    public static long of(Json value) {
        return switch (value) {
            case JsonObject object -> of(object);
            case JsonArray array -> of(array);
            case JsonString(String text) -> of(text);
            case JsonDecimal(String text) -> of(text);
            case JsonNumber _ -> NUMBER;
            case JsonBoolean _, JsonNull _ -> 0;
        };
    }

    private static long of(JsonObject object) {
        long weight = OBJECT;
        for (int i = 0; i < object.size(); i++) {
            weight += MEMBER + of(object.nameAt(i)) + of(object.valueAt(i));
        }
        return weight;
    }

    private static long of(JsonArray array) {
        long weight = ARRAY;
        for (int i = 0; i < array.size(); i++) {
            weight += ELEMENT + of(array.get(i));
        }
        return weight;
    }

    private static long of(String text) {
        return STRING + 2L * text.length();
    }
}
