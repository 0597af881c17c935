package io.myelin.contracts;

/**
 * No instance of the other service offers the operation, because all of them are of an earlier release. A caller that can do
 * without the answer catches this.
 */
public final class NotOffered extends Unavailable {

    private static final long serialVersionUID = 1L;

    public NotOffered(String operation) {
        super("No instance offers " + operation + " yet");
    }
}
