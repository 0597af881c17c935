package io.myelin.engine.shard;

import java.util.List;

/** Breaks a decision off: it needs entities that have to be loaded first. */
public final class NotLoaded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> keys;

    NotLoaded(List<String> keys) {
        // This is a signal and no defect, so it has no stack trace.
        super("The entities " + keys + " are not loaded", null, false, false);
        this.keys = List.copyOf(keys);
    }

    List<String> keys() {
        return keys;
    }
}
