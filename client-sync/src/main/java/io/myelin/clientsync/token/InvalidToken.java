package io.myelin.clientsync.token;

/** A text that is not a token of this server; the message is for the client ({@code M_INVALID_PARAM}). */
public final class InvalidToken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidToken(String message) {
        // The error is answered to a client and is no defect of ours, so it needs no stack trace.
        super(message, null, false, false);
    }
}
