package io.myelin.matrix.json;

/** {@code null}. */
public enum JsonNull implements Json {
    NULL;

    @Override
    public String toString() {
        return "null";
    }
}
