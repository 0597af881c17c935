package io.myelin.engine;

/** A store is not available now; the same call may succeed later. */
public final class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isLasting;

    /** @param isLasting whether there is no reason to believe that the next try succeeds */
    public StoreUnavailable(String message, Throwable cause, boolean isLasting) {
        super(message, cause);
        this.isLasting = isLasting;
    }

    public boolean isLasting() {
        return isLasting;
    }
}
