package io.myelin.matrix.json;

import java.util.OptionalLong;

/**
 * A number that canonical JSON does not have (a fraction, an exponent, an integer beyond 2^53 − 1), kept as the text it
 * was written as. Only {@link JsonRules#LENIENT} lets one in; no event contains one but those of room versions 1 to 5, in
 * which the text is that of {@link HistoricalNumbers}.
 */
public record JsonDecimal(String text) implements Json {
    /** Whether there is neither a fraction nor an exponent. */
    public boolean isInteger() {
        return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    }

    /** The integer that this is, if it is one of 64 bits. */
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
