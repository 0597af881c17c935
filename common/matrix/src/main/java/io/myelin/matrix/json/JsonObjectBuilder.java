package io.myelin.matrix.json;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the members of a {@link JsonObject}, in any order; of several members of one name the last one stays. A builder
 * is used once.
 */
public final class JsonObjectBuilder {
    private static final int USUAL_SIZE = 8;

    private String[] names = new String[USUAL_SIZE];
    private Json[] values = new Json[USUAL_SIZE];
    private int size;
    private boolean ascending = true;
    private @Nullable String duplicate;

    JsonObjectBuilder() {}

    public JsonObjectBuilder put(String name, Json value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        ascending &= size == 0 || CodePointOrder.compare(names[size - 1], name) < 0;
        names[size] = name;
        values[size++] = value;
        return this;
    }

    public JsonObjectBuilder put(String name, String value) {
        return put(name, new JsonString(value));
    }

    public JsonObjectBuilder put(String name, long value) {
        return put(name, new JsonNumber(value));
    }

    public JsonObjectBuilder put(String name, boolean value) {
        return put(name, Json.of(value));
    }

    /** Puts the member unless there is no value. */
    public JsonObjectBuilder putIfPresent(String name, @Nullable String value) {
        return value == null ? this : put(name, value);
    }

    public JsonObject build() {
        if (size == 0) {
            return JsonObject.EMPTY;
        }
        if (!ascending) {
            sort();
        }
        return new JsonObject(Arrays.copyOf(names, size), Arrays.copyOf(values, size));
    }

    /** A name that was put twice; known after {@link #build}. */
    @Nullable
    String duplicate() {
        return duplicate;
    }

    private void sort() {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted((a, b) -> CodePointOrder.compare(names[a], names[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        String[] sortedNames = new String[size];
        Json[] sortedValues = new Json[size];
        int count = 0;
        for (int index : order) {
            if (count > 0 && sortedNames[count - 1].equals(names[index])) {
                duplicate = names[index];
                count--;
            }
            sortedNames[count] = names[index];
            sortedValues[count++] = values[index];
        }
        names = sortedNames;
        values = sortedValues;
        size = count;
    }
}
