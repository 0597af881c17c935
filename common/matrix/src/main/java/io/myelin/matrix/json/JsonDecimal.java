package io.myelin.matrix.json;

import java.util.OptionalLong;

/**
 * A number that canonical JSON does not have (a fraction, an exponent, an integer beyond 2^53 − 1), kept as the text that
 * was read. Only lenient {@link JsonRules} accept one. Only events of room versions 1 to 5 contain one; its text there is
 * that of {@link HistoricalNumbers}.
 */
public record JsonDecimal(String text) implements Json {
    /** Whether there is neither a fraction nor an exponent. */
    public boolean isInteger() {
        return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    }

    /** The value as an integer, if it fits into 64 bits. */
    public OptionalLong integer() {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
