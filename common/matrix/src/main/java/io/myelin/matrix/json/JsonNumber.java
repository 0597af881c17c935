package io.myelin.matrix.json;

/** An integer within ±(2^53 − 1), the only numbers that canonical JSON has. */
public record JsonNumber(long value) implements Json {
    /** 2^53 − 1, the largest integer that canonical JSON has. */
    public static final long MAX = (1L << 53) - 1;

    public JsonNumber {
        if (value > MAX || value < -MAX) {
            throw new IllegalArgumentException("Canonical JSON has no integer " + value + ": it ends at ±(2^53 − 1).");
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
