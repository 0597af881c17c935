package io.myelin.outbound;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to another server.
 *
 * @param target path and query, as they are to be sent
 * @param headers further ones, such as {@code Authorization}
 * @param body null for none
 * @param maxBytes of the answer's body; a longer one fails the request
 */
public record OutboundRequest(
        String method,
        Route route,
        String target,
        Map<String, String> headers,
        @Nullable Body body,
        int maxBytes) {

    /** @param type its media type */
    public record Body(String type, byte[] bytes) {
        public static Body json(byte[] bytes) {
            return new Body("application/json", bytes);
        }

        /** @param encoded names and values as a form encodes them */
        public static Body form(String encoded) {
            return new Body("application/x-www-form-urlencoded", encoded.getBytes(StandardCharsets.US_ASCII));
        }
    }

    public OutboundRequest {
        headers = Map.copyOf(headers);
    }

    public static OutboundRequest get(Route route, String target, int maxBytes) {
        return new OutboundRequest("GET", route, target, Map.of(), null, maxBytes);
    }

    public static OutboundRequest post(Route route, String target, Body body, int maxBytes) {
        return new OutboundRequest("POST", route, target, Map.of(), body, maxBytes);
    }

    /** The same request with a header. */
    public OutboundRequest with(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new OutboundRequest(method, route, target, more, body, maxBytes);
    }
}
