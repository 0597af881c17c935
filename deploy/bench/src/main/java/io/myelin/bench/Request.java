package io.myelin.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds the bytes of HTTP/1.1 requests before they are sent. */
final class Request {

    private Request() {}

    static byte[] get(Endpoint endpoint, String token, String path) {
        return bytes(endpoint, token, "GET", path, "");
    }

    static byte[] put(Endpoint endpoint, String token, String path, String json) {
        return bytes(endpoint, token, "PUT", path, json);
    }

    static byte[] post(Endpoint endpoint, String token, String path, String json) {
        return bytes(endpoint, token, "POST", path, json);
    }

    /** @param token an access token; empty for a request without one */
    private static byte[] bytes(Endpoint endpoint, String token, String method, String path, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(256)
                .append(method)
                .append(' ')
                .append(endpoint.pathPrefix())
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(endpoint.host())
                .append(':')
                .append(endpoint.port())
                .append("\r\n");
        if (!token.isEmpty()) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        if (!"GET".equals(method)) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        var start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var request = new byte[start.length + body.length];
        System.arraycopy(start, 0, request, 0, start.length);
        System.arraycopy(body, 0, request, start.length, body.length);
        return request;
    }

    /** {@code text} as one segment of a path or the value of a query parameter. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
