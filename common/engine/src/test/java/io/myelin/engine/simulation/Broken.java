package io.myelin.engine.simulation;

/** A promise was not kept. */
final class Broken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Broken(String message) {
        super(message);
    }

    static void check(boolean kept, String promise, Object... about) {
        if (!kept) {
            throw new Broken(String.format(promise, about));
        }
    }
}
