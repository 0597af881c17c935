package io.myelin.matrix.json;

/** Bytes that are not the JSON that was asked for. The message says why and where, and quotes at most a name from them. */
public final class InvalidJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which of Matrix's errors this is. */
    public enum Kind {
        /** Not JSON: {@code M_NOT_JSON}. */
        MALFORMED,
        /** JSON that Matrix does not accept (a number, a duplicate name, depth, wrong type): {@code M_BAD_JSON}. */
        UNACCEPTABLE
    }

    private final Kind kind;

    InvalidJson(Kind kind, String message) {
        // This becomes an answer to a client and is no defect, so it has no stack trace.
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
