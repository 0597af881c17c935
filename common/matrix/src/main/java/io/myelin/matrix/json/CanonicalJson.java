package io.myelin.matrix.json;

/**
 * Matrix's canonical JSON: the shortest UTF-8, names sorted by code point, integers only. Not RFC 8785. A {@link
 * JsonDecimal} has no canonical form and is written as its text; {@link HistoricalNumbers} turns that into the text to
 * hash. Appendices, "Canonical JSON".
 */
public final class CanonicalJson {
    private static final int USUAL_EVENT = 1024;

    private final JsonText out = new JsonText(USUAL_EVENT);

    private CanonicalJson() {}

    /** @throws IllegalArgumentException if a string has a lone surrogate */
    public static byte[] encode(Json value) {
        return written(value).toBytes();
    }

    /** @throws IllegalArgumentException if a string has a lone surrogate */
    public static String encodeToString(Json value) {
        return written(value).toString();
    }

    private static JsonText written(Json value) {
        var writer = new CanonicalJson();
        writer.value(value);
        return writer.out;
    }

    private void value(Json value) {
        switch (value) {
            case JsonObject object -> object(object);
            case JsonArray array -> array(array);
            case JsonString(String text) -> out.string(text);
            case JsonNumber(long number) -> out.number(number);
            case JsonDecimal(String text) -> out.ascii(text);
            case JsonBoolean bool -> out.bool(bool.value());
            case JsonNull _ -> out.nothing();
        }
    }

    private void object(JsonObject object) {
        out.put('{');
        for (int i = 0; i < object.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            out.string(object.nameAt(i));
            out.put(':');
            value(object.valueAt(i));
        }
        out.put('}');
    }

    private void array(JsonArray array) {
        out.put('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            value(array.get(i));
        }
        out.put(']');
    }
}
