package io.myelin.matrix.json;

/** Bytes that are not the JSON that was asked for; the message says why and where, and repeats no more of them than a name. */
public final class InvalidJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which of Matrix's errors this is. */
    public enum Kind {
        /** No JSON at all: {@code M_NOT_JSON}. */
        MALFORMED,
        /** JSON that Matrix does not take (a number, a duplicate name, depth, wrong type): {@code M_BAD_JSON}. */
        UNACCEPTABLE
    }

    private final Kind kind;

    InvalidJson(Kind kind, String message) {
        // An answer to a client, not a defect of ours: nobody reads its stack trace.
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
