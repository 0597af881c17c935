package io.myelin.testing;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A request that nobody can answer with 200 unless a certain component is there. Both shapes of a server are asked all of
 * these, so that no shape lacks a component.
 *
 * @param component as in the wiring diagram: {@code room-server}
 * @param path {@code {user}}, {@code {room}} and {@code {event}} stand for somebody, a room of theirs, and its first event
 * @param body empty for none
 */
public record ComponentEndpoint(String component, String method, String path, String body) {
    private static final String V3 = "/_matrix/client/v3";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** One for each component that there is. */
    public static final List<ComponentEndpoint> ALL = List.of(
            new ComponentEndpoint("account-server", "GET", V3 + "/profile/{user}", ""),
            new ComponentEndpoint("room-server", "PUT", V3 + "/rooms/{room}/state/m.room.topic/", "{\"topic\":\"x\"}"),
            new ComponentEndpoint("client-room-send", "GET", V3 + "/rooms/{room}/aliases", ""),
            new ComponentEndpoint("client-sync", "GET", V3 + "/sync", ""),
            new ComponentEndpoint("receipt-server", "POST", V3 + "/rooms/{room}/receipt/m.read/{event}", "{}"),
            new ComponentEndpoint(
                    "typing-server", "PUT", V3 + "/rooms/{room}/typing/{user}", "{\"typing\":true,\"timeout\":1000}"),
            new ComponentEndpoint(
                    "presence-server", "PUT", V3 + "/presence/{user}/status", "{\"presence\":\"online\"}"),
            new ComponentEndpoint("federation-send", "GET", "/_matrix/key/v2/server", ""),
            new ComponentEndpoint("federation-send", "GET", "/_matrix/federation/v1/version", ""));

    /** Somebody with a room, as whom all of them are asked. */
    public record Asker(String url, String token, String user, String room, String event) {

        /**
         * Registers somebody of this name.
         *
         * @param url of the client port
         */
        public static Asker registered(String url, String name) {
            JsonObject account = ok(send(url, "POST", V3 + "/register", "", """
                    {"username": "%s", "password": "a password of 20", "auth": {"type": "m.login.dummy"}}""".formatted(name)));
            String token = account.string("access_token").orElseThrow();
            String room = ok(send(url, "POST", V3 + "/createRoom", token, "{}"))
                    .string("room_id")
                    .orElseThrow();
            String event = ok(send(
                            url,
                            "PUT",
                            V3 + "/rooms/" + encoded(room) + "/send/m.room.message/1",
                            token,
                            "{\"msgtype\":\"m.text\",\"body\":\"x\"}"))
                    .string("event_id")
                    .orElseThrow();
            return new Asker(url, token, account.string("user_id").orElseThrow(), room, event);
        }

        /** The status of the answer. */
        public int ask(ComponentEndpoint endpoint) {
            String path = endpoint.path
                    .replace("{user}", encoded(user))
                    .replace("{room}", encoded(room))
                    .replace("{event}", encoded(event));
            return send(url, endpoint.method, path, token, endpoint.body).statusCode();
        }

        private static JsonObject ok(HttpResponse<byte[]> answer) {
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.uri() + ": " + answer.statusCode() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return JsonParser.parseObject(answer.body());
        }

        private static HttpResponse<byte[]> send(String url, String method, String path, String token, String body) {
            var request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(Duration.ofSeconds(60))
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            try {
                return HTTP.send(request.build(), BodyHandlers.ofByteArray());
            } catch (IOException e) {
                throw new IllegalStateException("No answer to " + method + " " + path, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}
