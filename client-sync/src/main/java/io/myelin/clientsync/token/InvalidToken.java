package io.myelin.clientsync.token;

/** A text that is not a token of this server; the message is for the client ({@code M_INVALID_PARAM}). */
public final class InvalidToken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidToken(String message) {
        // An answer to a client, not a defect of ours: nobody reads its stack trace.
        super(message, null, false, false);
    }
}
