package io.myelin.kafka.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notes the spans that are begun. For one thread. */
public final class NotedTraces implements Traces {
    private final List<Noted> spans = new ArrayList<>();
    private @Nullable TraceParent current;

    /** A span that was begun. */
    public static final class Noted {
        public final String name;
        public final @Nullable TraceParent parent;
        public final TraceParent place;
        public final Map<String, String> attributes = new LinkedHashMap<>();
        public @Nullable String failure;
        public int ends;

        private Noted(String name, @Nullable TraceParent parent, TraceParent place) {
            this.name = name;
            this.parent = parent;
            this.place = place;
        }
    }

    public List<Noted> spans() {
        return spans;
    }

    public List<String> names() {
        return spans.stream().map(span -> span.name).toList();
    }

    public Noted named(String name) {
        return spans.stream().filter(span -> span.name.equals(name)).findFirst().orElseThrow();
    }

    @Override
    public boolean areOn() {
        return true;
    }

    @Override
    public @Nullable TraceParent current() {
        return current;
    }

    @Override
    public Span begin(Span.Kind kind, String name, @Nullable TraceParent parent) {
        var trace = parent == null ? "%032x".formatted(spans.size() + 1) : parent.trace();
        var noted = new Noted(name, parent, new TraceParent(trace, "%016x".formatted(spans.size() + 1), true));
        spans.add(noted);
        return new NotingSpan(noted);
    }

    private final class NotingSpan implements Span {
        private final Noted noted;

        NotingSpan(Noted noted) {
            this.noted = noted;
        }

        @Override
        public TraceParent place() {
            return noted.place;
        }

        @Override
        public Span with(String attribute, String value) {
            noted.attributes.put(attribute, value);
            return this;
        }

        @Override
        public Span with(String attribute, long value) {
            return with(attribute, String.valueOf(value));
        }

        @Override
        public Span named(String name) {
            return this;
        }

        @Override
        public Span failed(String why) {
            noted.failure = why;
            return this;
        }

        @Override
        public Scope enter() {
            var outer = current;
            current = noted.place;
            return () -> current = outer;
        }

        @Override
        public void end() {
            noted.ends++;
        }
    }
}
