package io.myelin.clientsync.filter;

/** A filter that is not of the specification's form; the message is for the client. */
public final class InvalidFilter extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidFilter(String message) {
        // An answer to a client, not a defect of ours: nobody reads its stack trace.
        super(message, null, false, false);
    }
}
