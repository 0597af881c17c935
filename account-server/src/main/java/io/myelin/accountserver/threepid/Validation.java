package io.myelin.accountserver.threepid;

import org.jspecify.annotations.Nullable;

/**
 * A proof of control of an address, given or under way.
 *
 * @param purpose what it is for
 * @param secret the client's
 * @param code SHA-256 of what the mail contains
 * @param sendAttempt the greatest one so far
 * @param nextLink where the page leads after the address is confirmed
 * @param expiresAt milliseconds since the epoch
 * @param validatedAt likewise; null while it is not confirmed
 */
public record Validation(
        String sid,
        Purpose purpose,
        ThirdPartyId of,
        String secret,
        byte[] code,
        long sendAttempt,
        @Nullable String nextLink,
        long expiresAt,
        @Nullable Long validatedAt) {

    /** What an address is confirmed for. */
    public enum Purpose {
        REGISTER("register"),
        PASSWORD("password"),
        ADD("add");

        private final String word;

        Purpose(String word) {
            this.word = word;
        }

        /** In addresses, and in the database. */
        public String word() {
            return word;
        }

        public static Purpose of(String word) {
            for (Purpose purpose : values()) {
                if (purpose.word.equals(word)) {
                    return purpose;
                }
            }
            throw new IllegalArgumentException("There is no purpose " + word);
        }
    }
}
