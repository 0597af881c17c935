package io.myelin.maintenance.database;

/** Something cannot be done as it was asked for; the message is a sentence for the operator. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
        super(message);
    }
}
