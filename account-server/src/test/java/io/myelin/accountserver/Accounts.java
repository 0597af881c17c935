package io.myelin.accountserver;

import io.myelin.matrix.json.JsonObject;
import io.myelin.web.InternalSecret;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Registers users on a running server, and logs them in. */
record Accounts(RunningServer server) {
    /** The shards of a server in tests. */
    static final List<Integer> ALL_SHARDS = IntStream.range(0, 16).boxed().toList();

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** A client without a session. */
    MatrixClient nobody() {
        return new MatrixClient(server.port(), null);
    }

    /** A new user who is logged in. */
    User register() {
        String name = "user" + NAMES.incrementAndGet();
        JsonObject answer = nobody().post("/register", """
                {"username": "%s", "password": "secret", "auth": {"type": "m.login.dummy"}}""".formatted(name)).ok();
        String token = answer.string("access_token").orElseThrow();
        return new User(name, nobody().with(token), token);
    }

    MatrixClient.Answer login(String name, String password) {
        return nobody().post("/login", """
                {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "%s"},
                 "password": "%s"}""".formatted(name, password));
    }

    /** A new administrator who is logged in. */
    User administrator() {
        String name = "admin" + NAMES.incrementAndGet();
        nobody().postInternal(
                        new InternalSecret(RunningServer.SECRET),
                        "/_myelin/internal/users",
                        "{\"localpart\":\"%s\",\"password\":\"secret\",\"admin\":true}".formatted(name))
                .ok();
        String token = login(name, "secret").field("access_token");
        return new User(name, nobody().with(token), token);
    }
}
