package io.myelin.matrix.json;

/**
 * A number that canonical JSON does not have (a fraction, an exponent, an integer beyond 2^53 − 1), kept as the text it
 * was written as. Only {@link JsonRules#LENIENT} lets one in; events never contain one.
 */
public record JsonDecimal(String text) implements Json {
    @Override
    public String toString() {
        return text;
    }
}
