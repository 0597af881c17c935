package io.myelin.matrix.event;

/** JSON that is not an event of its room version; the message says what is wrong with it. */
public final class InvalidEvent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidEvent(String message) {
        // This becomes an answer to another server or a client and is no defect, so it has no stack trace.
        super(message, null, false, false);
    }
}
