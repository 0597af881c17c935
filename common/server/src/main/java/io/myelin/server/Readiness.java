package io.myelin.server;

import org.jspecify.annotations.Nullable;

/** Something that has to be well for a process to be ready. Whatever is a bean of this type is asked. */
@FunctionalInterface
public interface Readiness {

    /** What is not well, in a few words; null if everything is. */
    @Nullable
    String trouble();
}
