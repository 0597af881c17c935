package io.myelin.apart;

/** A command line or a word of it is invalid; the message is for the user. */
final class UsageError extends IllegalArgumentException {
    UsageError(String message) {
        super(message);
    }
}
