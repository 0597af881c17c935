package io.myelin.server;

import org.jspecify.annotations.Nullable;

/** A part that has to work for its process to be ready. Every bean of this type is checked. */
@FunctionalInterface
public interface Readiness {

    /** What does not work, in a few words; null if everything does. */
    @Nullable
    String trouble();
}
