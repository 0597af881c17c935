package io.myelin.clientsync.event;

import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of events that a client wants ({@code event_fields} of a filter): dot-separated paths, in which a
 * backslash escapes a dot or another backslash. Appendices, "Dot-separated property paths".
 */
public record EventFields(List<List<String>> paths) {

    public static EventFields parse(List<String> paths) {
        return new EventFields(paths.stream().map(EventFields::split).toList());
    }

    private static List<String> split(String path) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean escapes = c == '\\' && i + 1 < path.length() && "\\.".indexOf(path.charAt(i + 1)) >= 0;
            if (escapes) {
                name.append(path.charAt(++i));
            } else if (c == '.') {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        return names;
    }

    /** The event with only these fields. */
    public JsonObject select(JsonObject event) {
        JsonObject selected = JsonObject.EMPTY;
        for (List<String> path : paths) {
            selected = copy(event, path, selected);
        }
        return selected;
    }

    private static JsonObject copy(JsonObject from, List<String> path, JsonObject to) {
        String name = path.getFirst();
        Json value = from.get(name);
        if (value == null) {
            return to;
        }
        if (path.size() == 1) {
            return to.with(name, value);
        }
        if (!(value instanceof JsonObject inner)) {
            return to;
        }
        JsonObject sofar = to.object(name).orElse(JsonObject.EMPTY);
        JsonObject copied = copy(inner, path.subList(1, path.size()), sofar);
        return copied.isEmpty() ? to : to.with(name, copied);
    }
}
