package io.myelin.kafka.trace;

import org.jspecify.annotations.Nullable;

/** Records the spans of this process. Thread-safe. */
public interface Traces {

    /** Records nothing. */
    Traces NONE = new Traces() {
        @Override
        public boolean areOn() {
            return false;
        }

        @Override
        public @Nullable TraceParent current() {
            return null;
        }

        @Override
        public Span begin(Span.Kind kind, String name, @Nullable TraceParent parent) {
            throw new IllegalStateException("Nothing is traced");
        }
    };

    /** Whether anything is ever recorded. If not, no record is asked for its header. */
    boolean areOn();

    /** The span that the current thread works on; null if it is not recorded. */
    @Nullable
    TraceParent current();

    /**
     * Begins a span, whatever is the share of requests that are traced.
     *
     * @param name of few possible values
     * @param parent the span that it belongs to; null begins a trace
     */
    Span begin(Span.Kind kind, String name, @Nullable TraceParent parent);
}
