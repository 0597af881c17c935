package io.myelin.apart;

import io.myelin.server.service.Probe;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user with a room and a message in it, who sends the probes of the services to a server. */
record Prober(String url, String token, String user, String room, String event) {
    private static final String V3 = "/_matrix/client/v3";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** @param url of the client port */
    static Prober registered(String url) throws Exception {
        var account = json(send(url, "POST", V3 + "/register", "", """
                {"username": "prober", "password": "a password of 20", "auth": {"type": "m.login.dummy"}}"""));
        var token = account.path("access_token").asString();
        var room = json(send(url, "POST", V3 + "/createRoom", token, "{}"))
                .path("room_id")
                .asString();
        var event = json(send(
                        url,
                        "PUT",
                        V3 + "/rooms/" + encoded(room) + "/send/m.room.message/1",
                        token,
                        "{\"msgtype\":\"m.text\",\"body\":\"x\"}"))
                .path("event_id")
                .asString();
        return new Prober(url, token, account.path("user_id").asString(), room, event);
    }

    /** The status of the answer. */
    int send(Probe probe) throws Exception {
        var path = probe.path()
                .replace("{user}", encoded(user))
                .replace("{room}", encoded(room))
                .replace("{event}", encoded(event));
        return send(url, probe.method(), path, token, probe.body()).statusCode();
    }

    JsonNode get(String path) throws Exception {
        return json(send(url, "GET", path, token, ""));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    private static HttpResponse<String> send(String url, String method, String path, String token, String body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
