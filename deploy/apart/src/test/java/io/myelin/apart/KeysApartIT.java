package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Keys of end-to-end encryption with two account-servers and two client-syncs, through the gateway. With {@code
 * -Dmyelin.kills=true} the account-servers are killed in turn while keys are claimed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysApartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V3 = "/_matrix/client/v3";
    private static final String OWNER = "account-server";
    private static final int CLAIMERS = 64;
    private static final int KEYS = 1_000;
    private static final boolean KILLS = Boolean.getBoolean("myelin.kills");
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before every test
    private ApartServer server;

    private record User(String id, String device, String token) {}

    @BeforeAll
    void start() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        server = ApartServer.start(directory, "--instances", OWNER + "=2,client-sync=2");
    }

    @AfterAll
    void stop() throws Exception {
        if (Gateway.nginx().isPresent()) {
            assertThat(server.stopsInTime()).isTrue();
            server.close();
        }
    }

    private User register() throws Exception {
        JsonNode answer = server.request("POST", V3 + "/register", "", """
            {"username": "keys%d", "password": "secret", "auth": {"type": "m.login.dummy"}}
            """.formatted(NAMES.incrementAndGet()));
        return new User(
                answer.path("user_id").asString(),
                answer.path("device_id").asString(),
                answer.path("access_token").asString());
    }

    private void upload(User user, String key) throws Exception {
        server.request("POST", V3 + "/keys/upload", user.token(), """
            {"device_keys": {"user_id": "%s", "device_id": "%s", "algorithms": [], "keys": {"ed25519:%s": "%s"},
             "signatures": {}}, "one_time_keys": {"signed_curve25519:%s": {"key": "%s", "signatures": {}}}}
            """.formatted(
                        user.id(), user.device(), user.device(), key, key, key));
    }

    private JsonNode sync(User user, String since, int timeout) throws Exception {
        return server.request(
                "GET", V3 + "/sync?timeout=" + timeout + (since.isEmpty() ? "" : "&since=" + since), user.token(), "");
    }

    private static List<String> told(JsonNode lists, String name) {
        List<String> users = new ArrayList<>();
        lists.path(name).forEach(user -> users.add(user.asString()));
        return users;
    }

    @Test
    void tellsWhoseDevicesHaveChanged() throws Exception {
        User alice = register();
        User bob = register();
        String room = server.request("POST", V3 + "/createRoom", alice.token(), "{\"preset\":\"public_chat\"}")
                .path("room_id")
                .asString();
        JsonNode first = sync(alice, "", 0);
        assertThat(first.path("device_one_time_keys_count")
                        .path("signed_curve25519")
                        .asInt(-1))
                .isZero();
        String since = first.path("next_batch").asString();
        String path = V3 + "/rooms/" + URLEncoder.encode(room, StandardCharsets.UTF_8);
        server.request("POST", path + "/join", bob.token(), "{}");
        since = awaitTold(alice, since, "changed", bob);
        upload(bob, "one");
        String changed = awaitTold(alice, since, "changed", bob);
        assertThat(told(
                        server.request("GET", V3 + "/keys/changes?from=" + since + "&to=" + changed, alice.token(), ""),
                        "changed"))
                .containsExactly(bob.id());
        assertThat(sync(bob, "", 0)
                        .path("device_one_time_keys_count")
                        .path("signed_curve25519")
                        .asInt())
                .isEqualTo(1);
        server.request("POST", path + "/leave", bob.token(), "{}");
        awaitTold(alice, changed, "left", bob);
    }

    /** Syncs until somebody is told of; the token after that. */
    private String awaitTold(User viewer, String since, String name, User user) {
        String[] token = {since};
        await().atMost(PATIENCE).until(() -> {
            JsonNode answer = sync(viewer, token[0], 5_000);
            token[0] = answer.path("next_batch").asString();
            return told(answer.path("device_lists"), name).contains(user.id());
        });
        return token[0];
    }

    @Test
    void givesEachOneTimeKeyOnce() throws Exception {
        User owner = register();
        String all = IntStream.range(0, KEYS)
                .mapToObj(i -> "\"a:%04d\":\"key %d\"".formatted(i, i))
                .collect(Collectors.joining(","));
        server.request("POST", V3 + "/keys/upload", owner.token(), "{\"one_time_keys\":{" + all + "}}");
        List<User> claimers = new ArrayList<>();
        for (int i = 0; i < CLAIMERS; i++) {
            claimers.add(register());
        }
        AtomicInteger failed = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        List<String> claimed = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> kills = threads.submit(() -> {
                killInTurn(done);
                return true;
            });
            List<Callable<List<String>>> work = claimers.stream()
                    .<Callable<List<String>>>map(claimer -> () -> claimUntilNone(claimer, owner, failed))
                    .toList();
            for (Future<List<String>> each : threads.invokeAll(work)) {
                claimed.addAll(each.get());
            }
            done.set(true);
            kills.get();
        }
        assertThat(new HashSet<>(claimed)).as("none twice").hasSameSizeAs(claimed);
        if (!KILLS) {
            // Else a request whose answer was lost, or that the gateway repeated, may have claimed a key that nobody
            // saw.
            assertThat(failed.get()).isZero();
            assertThat(claimed).as("none lost").hasSize(KEYS);
        }
    }

    private void killInTurn(AtomicBoolean done) throws Exception {
        for (int i = 0; KILLS && !done.get(); i++) {
            String one = OWNER + "#" + (1 + i % 2);
            server.verb("kill", one);
            server.verb("start", one);
        }
    }

    private List<String> claimUntilNone(User claimer, User owner, AtomicInteger failed) {
        List<String> mine = new ArrayList<>();
        while (true) {
            try {
                JsonNode keys = server.request(
                                "POST", V3 + "/keys/claim", claimer.token(), """
                                    {"one_time_keys": {"%s": {"%s": "a"}}}\
                                    """.formatted(owner.id(), owner.device()))
                        .path("one_time_keys")
                        .path(owner.id())
                        .path(owner.device());
                if (keys.isEmpty()) {
                    return mine;
                }
                mine.addAll(keys.propertyNames());
            } catch (Exception e) {
                failed.incrementAndGet();
            }
        }
    }
}
