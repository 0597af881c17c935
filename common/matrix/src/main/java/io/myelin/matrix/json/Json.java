package io.myelin.matrix.json;

/** An immutable JSON value. {@code toString()} is its canonical JSON. */
public sealed interface Json permits JsonObject, JsonArray, JsonString, JsonNumber, JsonDecimal, JsonBoolean, JsonNull {
    static JsonString of(String value) {
        return new JsonString(value);
    }

    static JsonNumber of(long value) {
        return new JsonNumber(value);
    }

    static JsonBoolean of(boolean value) {
        return value ? JsonBoolean.TRUE : JsonBoolean.FALSE;
    }
}
