package io.myelin.engine.ephemeral;

import org.jspecify.annotations.Nullable;

/** What an owner has of a key. */
final class Entry<S, V> {

    S state;

    /** What was written down last. */
    @Nullable
    S kept;

    /** What is shown; null if nothing was ever said of the key in this epoch. */
    @Nullable
    V shown;

    /** The number of what is shown. */
    long n;

    /** When it is to be looked at next. */
    long lookAt = Long.MAX_VALUE;

    /** Since when there is nothing to show. */
    long blankSince = Long.MAX_VALUE;

    Entry(S state) {
        this.state = state;
    }
}
