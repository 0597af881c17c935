package io.myelin.allinone;

import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.maintenance.database.ServerSettingsByService;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The database of a stopped server in which Alice and Bob have used most of what a server keeps: a room with an alias, members
 * who came and went, messages, edits, redactions, receipts, profiles, account data, filters and devices, a
 * message to a device and a key backup.
 */
final class FilledDatabase {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String V3 = "/_matrix/client/v3/";

    private final ServerProcess server;
    private String room = "";

    private FilledDatabase(ServerProcess server) {
        this.server = server;
    }

    /** Runs a server on these data, fills its database and stops it. */
    static void in(Path data) throws IOException, InterruptedException {
        try (var server = ServerProcess.start(data)) {
            new FilledDatabase(server).fill();
            if (!server.stopsInTime()) {
                throw new IllegalStateException("The server does not stop");
            }
        }
    }

    /** The settings of a server on these data. */
    static ServerSettingsByService settings(Path data) {
        return ServerSettingsByService.read(null, Map.of("data", data.toString()));
    }

    static ServerDatabases open(Path data) {
        return ServerDatabases.open(settings(data));
    }

    private void fill() throws IOException, InterruptedException {
        var alice = register("alice");
        var bob = register("bob");
        room = ask(
                        "POST",
                        "createRoom",
                        alice,
                        "{\"preset\":\"public_chat\",\"visibility\":\"public\",\"room_alias_name\":\"here\",\"name\":\"Here\"}")
                .path("room_id")
                .asString();
        ask("POST", "join/" + encoded(room), bob, "{}");
        var first = message(alice, "1", "first words");
        ask("POST", inRoom("receipt/m.read/" + encoded(first)), bob, "{}");
        ask("PUT", inRoom("state/m.room.topic/"), alice, "{\"topic\":\"one\"}");
        ask("PUT", inRoom("state/m.room.topic/"), alice, "{\"topic\":\"two\"}");
        var second = message(bob, "2", "second words");
        ask("PUT", inRoom("redact/" + encoded(second) + "/3"), bob, "{\"reason\":\"a slip\"}");
        ask("POST", inRoom("leave"), bob, "{}");
        ask("POST", "join/" + encoded(room), bob, "{}");
        ask("PUT", "profile/@alice:localhost/displayname", alice, "{\"displayname\":\"Alice\"}");
        ask("PUT", "user/@alice:localhost/account_data/a.type", alice, "{\"a\":1}");
        ask("POST", "user/@alice:localhost/filter", alice, "{\"room\":{\"timeline\":{\"limit\":5}}}");
        ask("PUT", "sendToDevice/a.type/5", alice, "{\"messages\":{\"@bob:localhost\":{\"*\":{\"a\":1}}}}");
        var backup = ask("POST", "room_keys/version", alice, "{\"algorithm\":\"a.backup\",\"auth_data\":{}}")
                .path("version")
                .asString();
        ask(
                "PUT",
                "room_keys/keys/" + encoded(room) + "/a-session?version=" + backup,
                alice,
                "{\"first_message_index\":1,\"forwarded_count\":0,\"is_verified\":true,\"session_data\":{\"a\":1}}");
        message(alice, "4", "last words");
    }

    private String register(String name) throws IOException, InterruptedException {
        return ask(
                        "POST",
                        "register",
                        "",
                        "{\"username\":\"" + name
                                + "\",\"password\":\"a long password\",\"auth\":{\"type\":\"m.login.dummy\"}}")
                .path("access_token")
                .asString();
    }

    private String message(String token, String transaction, String words) throws IOException, InterruptedException {
        return ask(
                        "PUT",
                        inRoom("send/m.room.message/" + transaction),
                        token,
                        "{\"msgtype\":\"m.text\",\"body\":\"" + words + "\"}")
                .path("event_id")
                .asString();
    }

    private String inRoom(String path) {
        return "rooms/" + encoded(room) + "/" + path;
    }

    private static String encoded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8);
    }

    private JsonNode ask(String method, String path, String token, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.clientPort() + V3 + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .build();
        var answer = HTTP.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(method + " " + path + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
