package io.myelin.matrix.json;

/** A JSON string. */
public record JsonString(String value) implements Json {
    @Override
    public String toString() {
        return CanonicalJson.encodeToString(this);
    }
}
