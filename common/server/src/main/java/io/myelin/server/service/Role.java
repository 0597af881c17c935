package io.myelin.server.service;

import java.util.Locale;

/** Which of the three kinds a service is. */
public enum Role {
    /** Takes requests and tells servers what somebody wants. */
    WRITER,
    /** Owns one kind of truth, in shards. It starts before writers and readers, and stops after them. */
    SERVER,
    /** Answers from what servers have published. */
    READER;

    /** As it is written: {@code writer}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
