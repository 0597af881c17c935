package io.myelin.matrix.auth;

/** The outcome of checking an event against the rules. */
public sealed interface AuthResult {
    /** The event may be sent. */
    record Allowed() implements AuthResult {}

    /**
     * The event may not be sent.
     *
     * @param rule the number of the rule in the specification of the room's version, such as {@code 5.3.3}
     * @param reason a sentence fit for the user
     */
    record Rejected(String rule, String reason) implements AuthResult {}

    static AuthResult allowed() {
        return new Allowed();
    }

    default boolean isAllowed() {
        return this instanceof Allowed;
    }
}
