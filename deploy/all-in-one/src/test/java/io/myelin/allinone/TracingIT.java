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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
            var before = request(server, "GET", V3 + "/sync", token, "")
                    .path("next_batch")
                    .asString();
            var poll = CompletableFuture.supplyAsync(
                    () -> get(server, V3 + "/sync?timeout=30000&since=" + encoded(before), token));
            await().atMost(PATIENCE)
                    .until(() -> server.getInternal("/actuator/prometheus")
                            .body()
                            .lines()
                            .anyMatch(line -> line.startsWith("myelin_sync_parked 1")));
            send(server, token, room, "");
            assertThat(poll.get().toString()).contains("Hello");

            await().atMost(PATIENCE).untilAsserted(() -> {
                var trace = Trace.beginningWith(SEND, collector);
                var command = trace.named("process room.input");
                assertThat(command)
                        .hasSize(1)
                        .first()
                        .satisfies(span -> assertThat(span.attributes()).containsEntry("myelin.command", "SendEvent"));
                trace.isBelow("send room.input", SEND);
                trace.isBelow("process room.input", "send room.input");
                trace.isBelow("decide", "process room.input");
                trace.isBelow("commit", "process room.input");
                trace.isBelow("send room.output", "process room.input");
                trace.isBelow("process room.output", "send room.output");
                trace.isBelow("look for news", "process room.output");
                assertThat(trace.attributes(SEND, "myelin.service")).contains("client-room-send");
                assertThat(trace.attributes("commit", "myelin.service")).contains("room-server");
                assertThat(trace.attributes("process room.output", "myelin.subscriber"))
                        .anyMatch(subscriber -> subscriber.startsWith("io.myelin.clientsync."));
                assertThat(trace.attributes("look for news", "myelin.service")).contains("client-sync");
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
                    .untilAsserted(() -> assertThat(collector.spansOf(FROM_A_PROXY))
                            .extracting(Received::name)
                            .contains(SEND, "process room.input", "process room.output"));
            assertThat(collector.spans()).extracting(Received::trace).containsOnly(FROM_A_PROXY);
        }
    }

    @Test
    void nothingOfOpenTelemetryIsLoadedWhereTracesAreOff() throws Exception {
        try (var server = ServerProcess.start(directory, Map.of("MYELIN_TEST_MODE", "true"))) {
            var token = register(server);
            send(server, token, createRoom(server, token), "00-" + FROM_A_PROXY + "-00f067aa0ba902b7-01");
            assertThat(classesWithObjects(server))
                    .anyMatch(name -> name.startsWith("io.myelin.server.traces."))
                    .noneMatch(name -> name.startsWith("io.opentelemetry."));
        }
    }

    private static List<String> classesWithObjects(ServerProcess server) throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var histogram = new ProcessBuilder(jcmd, Long.toString(server.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        // A row is its number, the objects, their bytes, the class, and in parentheses the module.
        return histogram
                .inputReader(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.strip().split(" +", -1))
                .filter(row -> row.length >= 4)
                .map(row -> row[3])
                .toList();
    }

    private static Map<String, String> settings(TraceReceiver collector, String sampled) {
        return Map.of(
                "MYELIN_TRACES_ENDPOINT",
                collector.address().toString(),
                "MYELIN_TRACES_SAMPLED",
                sampled,
                "MYELIN_TRACES_FROM_PROXIES",
                "true",
                "MYELIN_TEST_MODE",
                "true");
    }

    /** The spans of one trace. */
    private record Trace(List<Received> spans) {

        /** The trace that has the first span of this name; without spans if there is none. */
        static Trace beginningWith(String name, TraceReceiver collector) {
            return new Trace(collector.spans().stream()
                    .filter(span -> span.name().equals(name))
                    .findFirst()
                    .map(span -> collector.spansOf(span.trace()))
                    .orElse(List.of()));
        }

        List<Received> named(String name) {
            return spans.stream().filter(span -> span.name().equals(name)).toList();
        }

        List<String> attributes(String name, String attribute) {
            return named(name).stream()
                    .map(span -> span.attributes().getOrDefault(attribute, ""))
                    .toList();
        }

        void isBelow(String name, String parent) {
            assertThat(named(name))
                    .isNotEmpty()
                    .allSatisfy(span ->
                            assertThat(named(parent)).extracting(Received::id).contains(span.parent()));
        }
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
