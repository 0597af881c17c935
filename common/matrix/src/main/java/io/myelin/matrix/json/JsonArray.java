package io.myelin.matrix.json;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A JSON array. */
public record JsonArray(List<Json> values) implements Json, Iterable<Json> {
    public static final JsonArray EMPTY = new JsonArray(List.of());

    public JsonArray {
        values = List.copyOf(values);
    }

    public static JsonArray of(Json... values) {
        return new JsonArray(List.of(values));
    }

    public static JsonArray ofStrings(Collection<String> values) {
        return new JsonArray(values.stream().<Json>map(JsonString::new).toList());
    }

    public int size() {
        return values.size();
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public Json get(int index) {
        return values.get(index);
    }

    public Stream<Json> stream() {
        return values.stream();
    }

    /** The elements that are strings, in order; the others are skipped. */
    public Stream<String> strings() {
        return values.stream().mapMulti((value, sink) -> {
            if (value instanceof JsonString(String text)) {
                sink.accept(text);
            }
        });
    }

    /** Equal as records are. It uses little stack, since arrays may be deeply nested. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof JsonArray that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (!values.get(i).equals(that.values.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size(); i++) {
            hash = 31 * hash + values.get(i).hashCode();
        }
        return hash;
    }

    @Override
    public Iterator<Json> iterator() {
        return values.iterator();
    }

    @Override
    public String toString() {
        return CanonicalJson.encodeToString(this);
    }
}
