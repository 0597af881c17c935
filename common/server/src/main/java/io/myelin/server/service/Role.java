package io.myelin.server.service;

import java.util.Locale;

/** Which of the three kinds a service is. */
public enum Role {
    /** Takes requests and sends commands to servers. */
    WRITER,
    /**
     * Owns one kind of data, in shards, and decides about it alone. It starts before writers and readers, and stops
     * after them.
     */
    SERVER,
    /** Answers from what servers have published. */
    READER;

    /** The role in lower case, such as {@code writer}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
