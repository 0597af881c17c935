package io.myelin.matrix.json;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object. Its members are kept in the order of canonical JSON. So encoding needs no sorting, a lookup is a binary
 * search, and a changed copy copies two small arrays.
 */
public final class JsonObject implements Json {
    public static final JsonObject EMPTY = new JsonObject(new String[0], new Json[0]);

    private final String[] names;
    private final Json[] values;

    /** Takes the arrays without copying them; the names must ascend by code point. */
    JsonObject(String[] names, Json[] values) {
        this.names = names;
        this.values = values;
    }

    public static JsonObject of(String name, Json value) {
        return new JsonObject(new String[] {name}, new Json[] {value});
    }

    public static JsonObject of(String name, String value) {
        return of(name, new JsonString(value));
    }

    public static JsonObject of(Map<String, ? extends Json> members) {
        var builder = builder();
        members.forEach(builder::put);
        return builder.build();
    }

    public static JsonObjectBuilder builder() {
        return new JsonObjectBuilder();
    }

    public @Nullable Json get(String name) {
        int index = indexOf(name);
        return index < 0 ? null : values[index];
    }

    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** The member if it is a string; empty if it is missing or anything else, as with the getters below. */
    public Optional<String> string(String name) {
        return get(name) instanceof JsonString(String value) ? Optional.of(value) : Optional.empty();
    }

    public OptionalLong integer(String name) {
        return get(name) instanceof JsonNumber(long value) ? OptionalLong.of(value) : OptionalLong.empty();
    }

    public Optional<Boolean> bool(String name) {
        return get(name) instanceof JsonBoolean value ? Optional.of(value.value()) : Optional.empty();
    }

    public Optional<JsonObject> object(String name) {
        return get(name) instanceof JsonObject value ? Optional.of(value) : Optional.empty();
    }

    public Optional<JsonArray> array(String name) {
        return get(name) instanceof JsonArray value ? Optional.of(value) : Optional.empty();
    }

    public int size() {
        return names.length;
    }

    public boolean isEmpty() {
        return names.length == 0;
    }

    /** The names in canonical order. */
    public List<String> names() {
        return List.of(names);
    }

    /** Visits the members in canonical order. */
    public void forEach(BiConsumer<String, Json> visitor) {
        for (int i = 0; i < names.length; i++) {
            visitor.accept(names[i], values[i]);
        }
    }

    /** A copy in which this member has this value, added or replaced. */
    public JsonObject with(String name, Json value) {
        int index = indexOf(name);
        if (index >= 0) {
            Json[] newValues = values.clone();
            newValues[index] = value;
            return new JsonObject(names, newValues);
        }
        int at = -index - 1;
        return new JsonObject(
                inserted(names, new String[names.length + 1], at, name),
                inserted(values, new Json[values.length + 1], at, value));
    }

    public JsonObject with(String name, String value) {
        return with(name, new JsonString(value));
    }

    public JsonObject with(String name, long value) {
        return with(name, new JsonNumber(value));
    }

    public JsonObject with(String name, boolean value) {
        return with(name, Json.of(value));
    }

    /** A copy without this member, or this object if it has none of that name. */
    public JsonObject without(String name) {
        return has(name) ? retain(candidate -> !candidate.equals(name)) : this;
    }

    /** A copy with only the members whose names are wanted. */
    public JsonObject retain(Predicate<String> wanted) {
        String[] keptNames = new String[names.length];
        Json[] keptValues = new Json[names.length];
        int kept = 0;
        for (int i = 0; i < names.length; i++) {
            if (wanted.test(names[i])) {
                keptNames[kept] = names[i];
                keptValues[kept++] = values[i];
            }
        }
        return kept == names.length
                ? this
                : new JsonObject(Arrays.copyOf(keptNames, kept), Arrays.copyOf(keptValues, kept));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof JsonObject that
                        && Arrays.equals(names, that.names)
                        && Arrays.equals(values, that.values));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return CanonicalJson.encodeToString(this);
    }

    String nameAt(int index) {
        return names[index];
    }

    Json valueAt(int index) {
        return values[index];
    }

    private int indexOf(String name) {
        int low = 0;
        int high = names.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = CodePointOrder.compare(names[middle], name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private static <T> T[] inserted(T[] from, T[] into, int at, T element) {
        System.arraycopy(from, 0, into, 0, at);
        into[at] = element;
        System.arraycopy(from, at, into, at + 1, from.length - at);
        return into;
    }
}
