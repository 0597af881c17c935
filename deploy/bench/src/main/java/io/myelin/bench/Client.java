package io.myelin.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * One user of the server under test, with a connection of their own; for one thread at a time. The methods named after the
 * client-server API prepare a measurement: they wait out rate limits and throw {@link Refused} for any other answer than
 * 200.
 */
final class Client implements AutoCloseable {

    private static final long ANSWER_MILLIS = 60_000;
    private static final String V3 = "/_matrix/client/v3";

    private final Endpoint endpoint;
    private final Connection connection;
    private final String userId;
    private final String deviceId;
    private final String token;

    private Client(Endpoint endpoint, Connection connection, String userId, String deviceId, String token) {
        this.endpoint = endpoint;
        this.connection = connection;
        this.userId = userId;
        this.deviceId = deviceId;
        this.token = token;
    }

    String userId() {
        return userId;
    }

    String deviceId() {
        return deviceId;
    }

    /** The server refused a request that prepares the measurement. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String what, Answer answer) {
            super(what + ": " + answer.summary());
        }
    }

    /** A client without an account. */
    static Client anonymous(Endpoint endpoint, Deadlines deadlines) {
        return new Client(endpoint, new Connection(endpoint, deadlines), "", "", "");
    }

    /**
     * Registers an account: in one request if the server allows it, otherwise with a session of user-interactive
     * authentication.
     */
    static Client register(Endpoint endpoint, Deadlines deadlines, String name)
            throws IOException, InterruptedException {
        var connection = new Connection(endpoint, deadlines);
        var path = V3 + "/register";
        var account = Json.MAPPER.createObjectNode().put("username", name).put("password", "a password for " + name);
        account.putObject("auth").put("type", "m.login.dummy");
        var answer = patiently(connection, Request.post(endpoint, "", path, account.toString()));
        if (answer.status() == 401) {
            var session = Json.parse(answer.body()).path("session").asString("");
            account.putObject("auth").put("type", "m.login.dummy").put("session", session);
            answer = patiently(connection, Request.post(endpoint, "", path, account.toString()));
        }
        if (!answer.ok()) {
            connection.close();
            throw new Refused("registering " + name, answer);
        }
        var registered = Json.parse(answer.body());
        return new Client(
                endpoint,
                connection,
                registered.path("user_id").asString(""),
                registered.path("device_id").asString(""),
                registered.path("access_token").asString(""));
    }

    /** A client of the same account with another connection. */
    Client again(Deadlines deadlines) {
        return new Client(endpoint, new Connection(endpoint, deadlines), userId, deviceId, token);
    }

    String createRoom(String json) throws IOException, InterruptedException {
        return expect("creating a room", post("/createRoom", json))
                .path("room_id")
                .asString("");
    }

    /** A room that anybody may join. */
    String createPublicRoom() throws IOException, InterruptedException {
        return createRoom("{\"preset\":\"public_chat\",\"name\":\"bench\"}");
    }

    void join(String roomId) throws IOException, InterruptedException {
        expect("joining " + roomId, joining(roomId));
    }

    void send(String roomId, String transaction, String text) throws IOException, InterruptedException {
        expect("sending into " + roomId, sending(roomId, transaction, text));
    }

    /** The token that a complete first /sync returns for the next one. */
    String sync() throws IOException, InterruptedException {
        return expect("syncing", get("/sync?timeout=0")).path("next_batch").asString("");
    }

    byte[] joining(String roomId) {
        return post("/join/" + Request.encode(roomId), "{}");
    }

    byte[] sending(String roomId, String transaction, String text) {
        return Request.put(
                endpoint,
                token,
                V3 + "/rooms/" + Request.encode(roomId) + "/send/m.room.message/" + transaction,
                "{\"msgtype\":\"m.text\",\"body\":\"" + text + "\"}");
    }

    byte[] get(String path) {
        return Request.get(endpoint, token, V3 + path);
    }

    byte[] getUnversioned(String path) {
        return Request.get(endpoint, token, path);
    }

    byte[] post(String path, String json) {
        return Request.post(endpoint, token, V3 + path, json);
    }

    /** One request and its answer, whatever it is. */
    Answer exchange(byte[] request) throws IOException {
        return connection.exchange(request, ANSWER_MILLIS);
    }

    /** Makes one request, whose answer the server may delay for {@code heldMillis}. */
    Answer exchange(byte[] request, long heldMillis) throws IOException {
        return connection.exchange(request, heldMillis + ANSWER_MILLIS);
    }

    void open() throws IOException {
        connection.open();
    }

    private JsonNode expect(String what, byte[] request) throws IOException, InterruptedException {
        var answer = patiently(connection, request);
        if (!answer.ok()) {
            throw new Refused(what, answer);
        }
        return Json.parse(answer.body());
    }

    private static Answer patiently(Connection connection, byte[] request) throws IOException, InterruptedException {
        while (true) {
            var answer = connection.exchange(request, ANSWER_MILLIS);
            if (answer.status() != 429) {
                return answer;
            }
            TimeUnit.MILLISECONDS.sleep(answer.retryAfterMillis());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
