package io.myelin.matrix.json;

/**
 * What a parser accepts.
 *
 * @param acceptsDecimals whether fractions, exponents and integers beyond 2^53 − 1 become a {@link JsonDecimal} instead of
 *     an error
 * @param maxDepth how many objects and arrays may stand inside each other
 */
public record JsonRules(boolean acceptsDecimals, int maxDepth) {
    private static final int DEFAULT_MAX_DEPTH = 100;

    /** What canonical JSON can say, and nothing else: for whatever is signed, except events of room versions 1 to 5. */
    public static final JsonRules STRICT = new JsonRules(false, DEFAULT_MAX_DEPTH);

    /** Any number: for account data and other things that are kept but never signed, and for events of any room version. */
    public static final JsonRules LENIENT = new JsonRules(true, DEFAULT_MAX_DEPTH);

    public JsonRules withMaxDepth(int depth) {
        return new JsonRules(acceptsDecimals, depth);
    }
}
