package io.myelin.federation.authentication;

/** The origin of a request could not be verified. The message gives the sender the reason. */
public final class Unauthenticated extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unauthenticated(String message) {
        super(message, null, false, false);
    }
}
