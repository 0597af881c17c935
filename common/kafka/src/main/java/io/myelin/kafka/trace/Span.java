package io.myelin.kafka.trace;

/**
 * A piece of work in a trace, from now until its {@link #end}. A span that never ends is never seen. Thread-safe.
 *
 * <p>Attributes have the names that OpenTelemetry gives them; ours begin with {@code myelin.}.
 */
public interface Span {

    /** What the work is to the processes around it. */
    enum Kind {
        /** Answers a request. */
        SERVER,
        /** Sends a record that others work on. */
        PRODUCER,
        /** Works on a record. */
        CONSUMER,
        /** Is a part of the span above it. */
        INTERNAL
    }

    /** How others refer to it. */
    TraceParent place();

    Span with(String attribute, String value);

    Span with(String attribute, long value);

    /** Gives it another name than it had when it began. */
    Span named(String name);

    /** The work did not succeed. */
    Span failed(String why);

    /** The current thread works on this until the scope is closed, by the same thread. */
    Scope enter();

    void end();

    /** The time in which a thread works on a span. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
