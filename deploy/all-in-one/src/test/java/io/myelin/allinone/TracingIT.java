package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.testing.TraceReceiver;
import io.myelin.testing.TraceReceiver.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A message is followed from its client through the log to the readers, by a collector of traces. */
class TracingIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V3 = "/_matrix/client/v3";
    private static final String SEND = "PUT " + V3 + "/rooms/{roomId}/send/{eventType}/{txnId}";
    private static final String FROM_A_PROXY = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path directory;

    @Test
    void messageIsFollowedFromItsClientToThePollThatItAnswers() throws Exception {
        try (var collector = TraceReceiver.start();
                var server = ServerProcess.start(directory, settings(collector, "1"))) {
            var token = register(server);
            var room = createRoom(server, token);
            var before = request(server, "GET", V3 + "/sync", token, "").path("next_batch").asString();
            var poll = CompletableFuture.supplyAsync(() ->
                    get(server, V3 + "/sync?timeout=30000&since=" + encoded(before), token));
            await().atMost(PATIENCE).until(() -> server.getInternal("/actuator/prometheus")
                    .body()
                    .lines()
                    .anyMatch(line -> line.startsWith("myelin_sync_parked 1")));
            send(server, token, room, "");
            assertThat(poll.get().toString()).contains("Hello");

            await().atMost(PATIENCE).untilAsserted(() -> {
                var trace = traceOf(collector, SEND);
                var byName = byName(trace);
                assertThat(byName.keySet())
                        .contains(
                                SEND,
                                "send room.input",
                                "process room.input",
                                "decide",
                                "commit",
                                "send room.output",
                                "process room.output",
                                "look for news");
                isBelow(byName.get("send room.input"), byName.get(SEND));
                isBelow(byName.get("process room.input"), byName.get("send room.input"));
                isBelow(byName.get("commit"), byName.get("process room.input"));
                isBelow(byName.get("send room.output"), byName.get("process room.input"));
                assertThat(services(byName, SEND)).contains("client-room-send");
                assertThat(services(byName, "commit")).contains("room-server");
                assertThat(services(byName, "look for news")).contains("client-sync");
                assertThat(byName.get("process room.output"))
                        .allSatisfy(span -> assertThat(span.parent())
                                .isEqualTo(byName.get("send room.output").getFirst().id()))
                        .extracting(span -> span.attributes().get("myelin.subscriber"))
                        .anyMatch(subscriber -> subscriber.startsWith("io.myelin.clientsync."));
                assertThat(byName.get("process room.input").getFirst().attributes())
                        .containsEntry("myelin.command", "SendEvent");
            });
            assertThat(collector.spans().toString())
                    .as("what spans say of rooms and users")
                    .doesNotContain(room, "@alice", token);
            assertThat(server.stopsInTime()).isTrue();
        }
    }

    @Test
    void onlyWhatIsSampledIsTraced() throws Exception {
        try (var collector = TraceReceiver.start();
                var server = ServerProcess.start(directory, settings(collector, "0"))) {
            var token = register(server);
            var room = createRoom(server, token);
            send(server, token, room, "");
            // From a trusted proxy, as this machine is one unless the settings say otherwise.
            send(server, token, room, "00-" + FROM_A_PROXY + "-00f067aa0ba902b7-01");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(byName(collector.spansOf(FROM_A_PROXY))
                                    .keySet())
                            .contains(SEND, "process room.input", "process room.output"));
            assertThat(collector.spans()).extracting(Received::trace).containsOnly(FROM_A_PROXY);
        }
    }

    private static Map<String, String> settings(TraceReceiver collector, String sampled) {
        return Map.of(
                "MYELIN_TRACES_ENDPOINT", collector.address().toString(),
                "MYELIN_TRACES_SAMPLED", sampled,
                "MYELIN_TRACES_FROM_PROXIES", "true",
                "MYELIN_TEST_MODE", "true");
    }

    /** The trace that begins with the only span of this name. */
    private static List<Received> traceOf(TraceReceiver collector, String name) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .map(span -> collector.spansOf(span.trace()))
                .orElse(List.of());
    }

    private static Map<String, List<Received>> byName(List<Received> trace) {
        var byName = new HashMap<String, List<Received>>();
        trace.forEach(span -> byName.merge(
                span.name(),
                List.of(span),
                (some, more) ->
                        Stream.of(some, more).flatMap(List::stream).toList()));
        return byName;
    }

    private static List<String> services(Map<String, List<Received>> byName, String name) {
        return byName.getOrDefault(name, List.of()).stream()
                .map(span -> span.attributes().getOrDefault("myelin.service", ""))
                .toList();
    }

    private static void isBelow(List<Received> spans, List<Received> parents) {
        assertThat(spans)
                .allSatisfy(span -> assertThat(parents).extracting(Received::id).contains(span.parent()));
    }

    private static String register(ServerProcess server) throws IOException, InterruptedException {
        return request(server, "POST", V3 + "/register", "", """
                        {"username": "alice", "password": "alice's password", "auth": {"type": "m.login.dummy"}}""")
                .path("access_token")
                .asString();
    }

    private static String createRoom(ServerProcess server, String token) throws IOException, InterruptedException {
        return request(server, "POST", V3 + "/createRoom", token, "{}")
                .path("room_id")
                .asString();
    }

    private static void send(ServerProcess server, String token, String room, String traceParent)
            throws IOException, InterruptedException {
        var headers = traceParent.isEmpty() ? new String[0] : new String[] {"traceparent", traceParent};
        request(
                server,
                "PUT",
                V3 + "/rooms/" + encoded(room) + "/send/m.room.message/of-trace-" + headers.length,
                token,
                """
                {"msgtype": "m.text", "body": "Hello"}""",
                headers);
    }

    private static JsonNode get(ServerProcess server, String path, String token) {
        try {
            return request(server, "GET", path, token, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode request(
            ServerProcess server, String method, String path, String token, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.clientPort() + path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = HTTP.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
