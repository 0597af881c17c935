package io.myelin.accountserver.password;

/** The cost of one Argon2id hash (RFC 9106). */
public record Argon2Cost(int memoryKib, int iterations, int parallelism) {
    /** The lowest cost, for tests: it protects nothing. */
    public static final Argon2Cost LOWEST = new Argon2Cost(8, 1, 1);
}
