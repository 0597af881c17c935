package io.myelin.matrix.event;

/** An event, or one of its fields, beyond the size limits ({@code M_TOO_LARGE}); the message says which and by how much. */
public final class EventTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EventTooLarge(String message) {
        // This becomes an answer to a client and is no defect, so it has no stack trace.
        super(message, null, false, false);
    }
}
