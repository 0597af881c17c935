package io.myelin.matrix.json;

/** {@code true} or {@code false}. */
public enum JsonBoolean implements Json {
    TRUE,
    FALSE;

    public boolean value() {
        return this == TRUE;
    }

    @Override
    public String toString() {
        return this == TRUE ? "true" : "false";
    }
}
