package io.myelin.roomserver.room;

import io.myelin.contracts.MatrixError;

/** Ends a decision: nothing changes, and the writer is told why. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient MatrixError error;

    public Refusal(MatrixError error) {
        // This is an answer, not a defect, so nobody reads its stack trace.
        super(error.error(), null, false, false);
        this.error = error;
    }

    public Refusal(int status, String errcode, String error) {
        this(new MatrixError(status, errcode, error));
    }

    public MatrixError error() {
        return error;
    }
}
