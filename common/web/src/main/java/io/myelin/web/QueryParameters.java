package io.myelin.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses the parameters in a query string. A body is never read as a form. */
final class QueryParameters {
    private QueryParameters() {}

    static Map<String, String[]> parse(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (int from = 0; from <= query.length(); ) {
            int next = query.indexOf('&', from);
            int to = next < 0 ? query.length() : next;
            if (to > from) {
                int equals = query.indexOf('=', from);
                boolean named = equals >= 0 && equals < to;
                String name = decode(query.substring(from, named ? equals : to));
                String value = named ? decode(query.substring(equals + 1, to)) : "";
                lists.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
            from = to + 1;
        }
        Map<String, String[]> parameters = new LinkedHashMap<>();
        lists.forEach((name, values) -> parameters.put(name, values.toArray(String[]::new)));
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MatrixException(400, "M_INVALID_PARAM", "The query string is not percent-encoded correctly.");
        }
    }
}
