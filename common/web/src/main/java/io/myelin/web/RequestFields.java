package io.myelin.web;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonBoolean;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request's body, with their types. A field of another type ends the request with {@code M_BAD_JSON}, a
 * required one that is missing with {@code M_MISSING_PARAM}; both name it. {@code null} counts as missing. Strings with
 * U+0000 are refused, since the database cannot store them.
 */
public final class RequestFields {
    private final JsonObject object;
    private final String path;

    private RequestFields(JsonObject object, String path) {
        this.object = object;
        this.path = path;
    }

    public static RequestFields of(JsonObject body) {
        return new RequestFields(body, "");
    }

    public JsonObject json() {
        return object;
    }

    public boolean has(String name) {
        return present(name) != null;
    }

    public @Nullable String string(String name) {
        return switch (present(name)) {
            case null -> null;
            case JsonString(String value) -> checked(name, value);
            default -> throw wrongType(name, "a string");
        };
    }

    public String requiredString(String name) {
        String value = string(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    public String string(String name, String otherwise) {
        String value = string(name);
        return value == null ? otherwise : value;
    }

    public boolean bool(String name, boolean otherwise) {
        return switch (present(name)) {
            case null -> otherwise;
            case JsonBoolean value -> value.value();
            default -> throw wrongType(name, "true or false");
        };
    }

    public @Nullable Long integer(String name) {
        return switch (present(name)) {
            case null -> null;
            case JsonNumber(long value) -> value;
            default -> throw wrongType(name, "an integer");
        };
    }

    public long integer(String name, long otherwise) {
        Long value = integer(name);
        return value == null ? otherwise : value;
    }

    public @Nullable JsonObject object(String name) {
        return switch (present(name)) {
            case null -> null;
            case JsonObject value -> value;
            default -> throw wrongType(name, "an object");
        };
    }

    /** The fields of an object; null if it is missing. */
    public @Nullable RequestFields fields(String name) {
        JsonObject value = object(name);
        return value == null ? null : new RequestFields(value, path + name + ".");
    }

    public @Nullable JsonArray array(String name) {
        return switch (present(name)) {
            case null -> null;
            case JsonArray value -> value;
            default -> throw wrongType(name, "an array");
        };
    }

    /** The elements of an array of strings; null if it is missing. */
    public @Nullable List<String> strings(String name) {
        JsonArray array = array(name);
        if (array == null) {
            return null;
        }
        List<String> values = new ArrayList<>(array.size());
        for (Json element : array) {
            if (!(element instanceof JsonString(String value))) {
                throw wrongType(name, "an array of strings");
            }
            values.add(checked(name, value));
        }
        return values;
    }

    /** The elements of an array of objects; empty if it is missing. */
    public List<RequestFields> objects(String name) {
        JsonArray array = array(name);
        if (array == null) {
            return List.of();
        }
        List<RequestFields> values = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof JsonObject value)) {
                throw wrongType(name, "an array of objects");
            }
            values.add(new RequestFields(value, path + name + "[" + i + "]."));
        }
        return values;
    }

    /** The exception to throw for a field whose value is not allowed. */
    public MatrixException refused(String name, String reason) {
        return new MatrixException(MatrixError.invalidParam("'" + path + name + "' " + reason + "."));
    }

    public MatrixException missing(String name) {
        return new MatrixException(400, "M_MISSING_PARAM", "'" + path + name + "' is missing.");
    }

    private @Nullable Json present(String name) {
        Json value = object.get(name);
        return value == JsonNull.NULL ? null : value;
    }

    private String checked(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new MatrixException(MatrixError.badJson("'" + path + name + "' must not contain U+0000."));
        }
        return value;
    }

    private MatrixException wrongType(String name, String wanted) {
        return new MatrixException(MatrixError.badJson("'" + path + name + "' must be " + wanted + "."));
    }
}
