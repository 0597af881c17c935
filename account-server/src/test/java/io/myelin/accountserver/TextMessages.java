package io.myelin.accountserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A stand-in for the identity server that sends text messages: each code is 123456. */
final class TextMessages implements HttpHandler {
    private final Map<String, String> numbers = new ConcurrentHashMap<>();
    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final Map<String, String> confirmed = new ConcurrentHashMap<>();
    private final AtomicInteger sids = new AtomicInteger();

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("/requestToken")) {
            JsonObject body = body(exchange);
            String number = body.string("phone_number").orElseThrow().replaceAll("[^0-9]", "");
            // As Sydent: one session for a number and a secret.
            String sid = sessions.computeIfAbsent(
                    number + " " + body.string("client_secret").orElseThrow(), _ -> "sms" + sids.incrementAndGet());
            numbers.put(sid, number);
            answer(exchange, 200, "{\"sid\":\"" + sid + "\"}");
        } else if (path.endsWith("/submitToken")) {
            JsonObject body = body(exchange);
            String sid = body.string("sid").orElseThrow();
            String number = numbers.get(sid);
            boolean isRight = body.string("token").filter("123456"::equals).isPresent();
            if (isRight && number != null) {
                confirmed.put(sid, number);
            }
            answer(exchange, 200, "{\"success\":" + (isRight && number != null) + "}");
        } else {
            String query = exchange.getRequestURI().getQuery();
            String number = confirmed.get(query.substring("sid=".length(), query.indexOf('&')));
            if (number == null) {
                answer(exchange, 404, "{\"errcode\":\"M_NO_VALID_SESSION\"}");
            } else {
                answer(exchange, 200, "{\"medium\":\"msisdn\",\"address\":\"" + number + "\",\"validated_at\":7}");
            }
        }
    }

    private static JsonObject body(HttpExchange exchange) throws IOException {
        return JsonParser.parseObject(exchange.getRequestBody().readAllBytes(), JsonRules.LENIENT);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
