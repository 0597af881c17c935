package io.myelin.engine.ephemeral;

import org.jspecify.annotations.Nullable;

/** An owner's memory of a key. */
final class Entry<S, V> {

    S state;

    /** The state that was stored last. */
    @Nullable
    S kept;

    /** The value that is shown; null if the key has had none in this epoch. */
    @Nullable
    V shown;

    /** The number of the value that is shown. */
    long n;

    /** When the key is to be looked at next. */
    long lookAt = Long.MAX_VALUE;

    /** Since when the state has been blank. */
    long blankSince = Long.MAX_VALUE;

    Entry(S state) {
        this.state = state;
    }
}
