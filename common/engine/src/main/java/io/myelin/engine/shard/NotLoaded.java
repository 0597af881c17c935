package io.myelin.engine.shard;

import java.util.List;

/** Breaks a decision off: it needs entities that have to be loaded first. */
public final class NotLoaded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> keys;

    NotLoaded(List<String> keys) {
        // A signal, not a defect: nobody reads its stack trace.
        super("The entities " + keys + " are not loaded", null, false, false);
        this.keys = List.copyOf(keys);
    }

    List<String> keys() {
        return keys;
    }
}
