package io.myelin.matrix.json;

/**
 * The rules of a parser: which input it accepts.
 *
 * @param acceptsDecimals whether fractions, exponents and integers beyond 2^53 − 1 become a {@link JsonDecimal} instead of
 *     an error
 * @param maxDepth how deeply objects and arrays may be nested
 */
public record JsonRules(boolean acceptsDecimals, int maxDepth) {
    private static final int DEFAULT_MAX_DEPTH = 100;

    /**
     * The greatest depth of events from other servers. The specification has no limit, but servers written in Python accept
     * about this depth and those written in Rust much less, so hardly any server accepts a deeper event. Writing JSON is
     * recursive and takes some 300 KB of stack for this depth.
     */
    public static final int MAX_DEPTH_OF_EVENTS = 1_000;

    /** Canonical JSON only: for everything that this server signs. */
    public static final JsonRules STRICT = new JsonRules(false, DEFAULT_MAX_DEPTH);

    /** Any number: for account data and other content that is stored but never signed. */
    public static final JsonRules LENIENT = new JsonRules(true, DEFAULT_MAX_DEPTH);

    /** Events of room version 6 and later, from any server. */
    public static final JsonRules STRICT_EVENTS = STRICT.withMaxDepth(MAX_DEPTH_OF_EVENTS);

    /** Events of any room version, from any server; also for reading stored events. */
    public static final JsonRules LENIENT_EVENTS = LENIENT.withMaxDepth(MAX_DEPTH_OF_EVENTS);

    public JsonRules withMaxDepth(int depth) {
        return new JsonRules(acceptsDecimals, depth);
    }
}
