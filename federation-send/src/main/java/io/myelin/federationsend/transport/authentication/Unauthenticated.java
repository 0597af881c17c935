package io.myelin.federationsend.transport.authentication;

/** Nobody has shown to have sent this request; the message says why, to whoever sent it. */
public final class Unauthenticated extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unauthenticated(String message) {
        super(message, null, false, false);
    }
}
