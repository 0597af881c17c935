package io.myelin.engine.shard;

/** Breaks a decision off: it needs an entity that has to be loaded first. */
public final class NotLoaded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String key;

    NotLoaded(String key) {
        // A signal, not a defect: nobody reads its stack trace.
        super("The entity " + key + " is not loaded", null, false, false);
        this.key = key;
    }

    String key() {
        return key;
    }
}
