package io.myelin.accountserver.password;

/** What one hash costs (RFC 9106). */
public record Argon2Cost(int memoryKib, int iterations, int parallelism) {
    /** For tests: no protection at all. */
    public static final Argon2Cost LOWEST = new Argon2Cost(8, 1, 1);
}
