package io.myelin.contracts;

/** Another service could not answer in time; the same request may succeed later. Clients are told 503 or 504. */
public sealed class Unavailable extends RuntimeException permits NotOffered {

    private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
        super(message);
    }

    public Unavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
