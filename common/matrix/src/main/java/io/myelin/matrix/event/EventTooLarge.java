package io.myelin.matrix.event;

/** An event, or one of its fields, beyond the size limits ({@code M_TOO_LARGE}); the message says which and by how much. */
public final class EventTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EventTooLarge(String message) {
        // An answer to a client, not a defect of ours: nobody reads its stack trace.
        super(message, null, false, false);
    }
}
