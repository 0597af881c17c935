package io.myelin.matrix.id;

/** Text that is not the identifier it was taken for; the message says in a sentence what is wrong with it. */
public final class InvalidIdentifier extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidIdentifier(String message) {
        super(message);
    }
}
