package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.storage.StoredKeyBackups;
import io.myelin.matrix.json.JsonObject;
import io.myelin.postgres.ServiceDatabase;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Users' backups of room keys. */
@ExtendWith(SharedServer.class)
class KeyBackupIT {
    private static final String VERSION = """
        {"algorithm": "m.megolm_backup.v1", "auth_data": {"public_key": "%s"}}\
        """;
    private static final String ROOM = "!a%2Froom:localhost";

    private final Accounts accounts;
    private final User user;
    private final MatrixClient client;

    KeyBackupIT(Accounts accounts) {
        this.accounts = accounts;
        this.user = accounts.register();
        this.client = user.client();
    }

    private static String key(int index, boolean verified) {
        return """
            {"first_message_index": %d, "forwarded_count": 0, "is_verified": %s, "session_data": {"a": 1.5}}\
            """.formatted(index, verified);
    }

    private static String sessions(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "\"s" + i + "\":" + key(1, false))
                .collect(Collectors.joining(",", "{\"sessions\":{", "}}"));
    }

    private String create() {
        return client.post("/room_keys/version", VERSION.formatted("one")).field("version");
    }

    private static String counts(JsonObject answer) {
        return answer.integer("count").orElseThrow() + " "
                + answer.string("etag").orElseThrow();
    }

    private long rows() {
        return accounts.server()
                .bean(ServiceDatabase.class)
                .read(jdbc -> jdbc.sql("SELECT count(*) FROM key_backup_key WHERE user_id = ?")
                        .param(user.id())
                        .query(Long.class)
                        .single());
    }

    private void sweep() {
        StoredKeyBackups backups = accounts.server().bean(StoredKeyBackups.class);
        while (backups.sweep(Accounts.ALL_SHARDS)) {
            Thread.onSpinWait();
        }
    }

    @BeforeEach
    void begins() {
        client.get("/room_keys/version").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void hasVersions() {
        String first = create();
        assertThat(client.get("/room_keys/version").text())
                .isEqualTo("{\"algorithm\":\"m.megolm_backup.v1\",\"auth_data\":{\"public_key\":\"one\"},"
                        + "\"count\":0,\"etag\":\"0\",\"version\":\"" + first + "\"}");
        client.put("/room_keys/version/" + first, VERSION.formatted("two")).ok();
        assertThat(client.get("/room_keys/version/" + first).text()).contains("\"two\"");
        client.put("/room_keys/version/" + first, "{\"algorithm\":\"x\",\"auth_data\":{}}")
                .isRefused(400, "M_INVALID_PARAM");
        client.put(
                        "/room_keys/version/" + first,
                        "{\"algorithm\":\"m.megolm_backup.v1\",\"auth_data\":{},\"version\":\"7\"}")
                .isRefused(400, "M_INVALID_PARAM");
        String second = create();
        assertThat(second).isNotEqualTo(first);
        assertThat(client.get("/room_keys/version").field("version")).isEqualTo(second);
        client.delete("/room_keys/version/" + second).ok();
        client.delete("/room_keys/version/" + second).isRefused(404, "M_NOT_FOUND");
        assertThat(client.get("/room_keys/version").field("version")).isEqualTo(first);
        String opaque = client.post("/room_keys/version", "{\"algorithm\":\"a\",\"auth_data\":\"a string\"}")
                .field("version");
        assertThat(client.get("/room_keys/version/" + opaque).text()).contains("\"auth_data\":\"a string\"");
        client.put(
                        "/room_keys/keys/!a:x/s?version=" + opaque,
                        key(1, true).replace("{\"a\": 1.5}", "\"another string\""))
                .ok();
        assertThat(client.get("/room_keys/keys/!a:x/s?version=" + opaque).text())
                .contains("\"session_data\":\"another string\"");
        client.post("/room_keys/version", "{\"algorithm\":\"a\",\"auth_data\":null}")
                .isRefused(400, "M_MISSING_PARAM");
        client.get("/room_keys/version/x").isRefused(404, "M_NOT_FOUND");
        client.post("/room_keys/version", "{}").isRefused(400, "M_MISSING_PARAM");
        client.post("/room_keys/version", "{\"algorithm\":5,\"auth_data\":{}}").isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void keepsKeys() {
        String version = "?version=" + create();
        String one = "/room_keys/keys/" + ROOM + "/ses%2Fsion" + version;
        client.get(one).isRefused(404, "M_NOT_FOUND");
        assertThat(counts(client.put(one, key(2, false)).ok())).isEqualTo("1 1");
        assertThat(counts(client.put(one, key(3, false)).ok())).isEqualTo("1 1");
        assertThat(client.get(one).text())
                .isEqualTo("{\"first_message_index\":2,\"forwarded_count\":0,\"is_verified\":false,"
                        + "\"session_data\":{\"a\":1.5}}");
        assertThat(counts(client.put(one, key(3, true)).ok())).isEqualTo("1 2");
        assertThat(counts(client.put("/room_keys/keys/!b:localhost" + version, sessions(0, 3))
                        .ok()))
                .isEqualTo("4 3");
        assertThat(client.get("/room_keys/keys/!absent:localhost" + version).text())
                .isEqualTo("{\"sessions\":{}}");
        JsonObject all =
                client.get("/room_keys/keys" + version).ok().object("rooms").orElseThrow();
        assertThat(all.names()).containsExactlyInAnyOrder("!a/room:localhost", "!b:localhost");
        client.put("/room_keys/keys" + version, "{\"rooms\":{\"!c:localhost\":" + sessions(0, 2) + "}}")
                .ok();
        assertThat(client.get("/room_keys/version").ok().integer("count")).hasValue(6);
        client.put(one, "{}").isRefused(400, "M_MISSING_PARAM");
        client.put(one, key(1, true).replace("true", "5")).isRefused(400, "M_INVALID_PARAM");
        client.put(one, key(-1, true)).isRefused(400, "M_INVALID_PARAM");
        client.put("/room_keys/keys/!b:localhost/s" + version.replace("version", "v"), key(1, true))
                .isRefused(400, "M_MISSING_PARAM");
        client.put("/room_keys/keys" + version, "{\"rooms\":{\"a\\u0000\":" + sessions(0, 1) + "}}")
                .isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void takesKeysForTheCurrentVersionOnly() {
        String first = create();
        String second = create();
        MatrixClient.Answer refused = client.put("/room_keys/keys/!b:x?version=" + first, sessions(0, 1));
        refused.isRefused(403, "M_WRONG_ROOM_KEYS_VERSION");
        assertThat(refused.body().string("current_version")).contains(second);
        client.put("/room_keys/keys/!b:x?version=99", sessions(0, 1)).isRefused(404, "M_NOT_FOUND");
        client.get("/room_keys/keys?version=99").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void deletesKeys() {
        String version = "?version=" + create();
        client.put("/room_keys/keys/!a:x" + version, sessions(0, 10)).ok();
        client.put("/room_keys/keys/!b:x" + version, sessions(0, 10)).ok();
        client.put("/room_keys/keys/!c:x" + version, sessions(0, 10)).ok();
        assertThat(counts(client.delete("/room_keys/keys/!a:x/s3" + version).ok()))
                .isEqualTo("29 4");
        client.get("/room_keys/keys/!a:x/s3" + version).isRefused(404, "M_NOT_FOUND");
        assertThat(counts(client.delete("/room_keys/keys/!b:x" + version).ok())).isEqualTo("19 5");
        assertThat(client.get("/room_keys/keys/!b:x" + version).text()).isEqualTo("{\"sessions\":{}}");
        assertThat(counts(client.put("/room_keys/keys/!b:x/s1" + version, key(9, false))
                        .ok()))
                .isEqualTo("20 6");
        sweep();
        assertThat(rows()).isEqualTo(20);
        accounts.server().restart();
        MatrixClient again = client.on(accounts.server().port());
        assertThat(counts(again.delete("/room_keys/keys" + version).ok())).isEqualTo("0 7");
        assertThat(again.get("/room_keys/keys" + version).text()).isEqualTo("{\"rooms\":{}}");
        assertThat(counts(again.put("/room_keys/keys/!c:x/s1" + version, key(9, false))
                        .ok()))
                .isEqualTo("1 8");
        sweep();
        assertThat(rows()).isEqualTo(1);
        again.delete("/room_keys/version/" + version.split("=")[1]).ok();
        again.get("/room_keys/keys" + version).isRefused(404, "M_NOT_FOUND");
        sweep();
        assertThat(rows()).isZero();
    }

    /** Two devices back up the same sessions at once. */
    @Test
    void countsRightWhileSeveralWrite() throws Exception {
        String version = "?version=" + create();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<MatrixClient.Answer>> tasks = IntStream.range(0, 20)
                    .<Callable<MatrixClient.Answer>>mapToObj(i ->
                            () -> client.put("/room_keys/keys/!a:x" + version, sessions(10 * i, 10 * i + 50)))
                    .toList();
            for (var answer : executor.invokeAll(tasks)) {
                answer.get().ok();
            }
        }
        JsonObject described = client.get("/room_keys/version").ok();
        assertThat(described.integer("count")).hasValue(240);
        assertThat(rows()).isEqualTo(240);
        assertThat(client.get("/room_keys/keys/!a:x" + version)
                        .ok()
                        .object("sessions")
                        .orElseThrow()
                        .size())
                .isEqualTo(240);
    }
}
