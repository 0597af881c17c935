package io.myelin.clientsync.filter;

/** A filter that is not of the specification's form; the message is for the client. */
public final class InvalidFilter extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidFilter(String message) {
        // The error is answered to a client and is no defect of ours, so it needs no stack trace.
        super(message, null, false, false);
    }
}
