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

    /**
     * How deep events may be that other servers have taken. The specification has no limit; but servers written in Python
     * end at about this depth, and those written in Rust much earlier, so that hardly anybody takes a deeper one. Writing JSON
     * goes down by recursion, for which this depth takes some 300 KB of stack.
     */
    public static final int MAX_DEPTH_OF_EVENTS = 1_000;

    /** What canonical JSON can say, and nothing else: for whatever this server signs. */
    public static final JsonRules STRICT = new JsonRules(false, DEFAULT_MAX_DEPTH);

    /** Any number: for account data and other things that are kept but never signed. */
    public static final JsonRules LENIENT = new JsonRules(true, DEFAULT_MAX_DEPTH);

    /** Events of room version 6 and later, from wherever they come. */
    public static final JsonRules STRICT_EVENTS = STRICT.withMaxDepth(MAX_DEPTH_OF_EVENTS);

    /** Events of any room version, from wherever they come: also for whoever reads one that is stored. */
    public static final JsonRules LENIENT_EVENTS = LENIENT.withMaxDepth(MAX_DEPTH_OF_EVENTS);

    public JsonRules withMaxDepth(int depth) {
        return new JsonRules(acceptsDecimals, depth);
    }
}
