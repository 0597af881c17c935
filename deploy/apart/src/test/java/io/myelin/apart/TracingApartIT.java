package io.myelin.apart;

import static io.myelin.apart.Examples.READER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.testing.TraceReceiver;
import io.myelin.testing.TraceReceiver.Received;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message is followed through the processes of a server apart: its writer, the room's owner, and two readers. */
class TracingApartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V3 = "/_matrix/client/v3";
    private static final String SEND = "PUT " + V3 + "/rooms/{roomId}/send/{eventType}/{txnId}";

    @TempDir
    static Path directory;

    @Test
    void traceOfAMessageGoesThroughEveryProcessThatItPasses() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        try (var collector = TraceReceiver.start()) {
            var settings =
                    Map.of("MYELIN_TRACES_ENDPOINT", collector.address().toString(), "MYELIN_TRACES_SAMPLED", "1");
            try (var server = ApartServer.start(directory, settings, "--instances", READER + "=2")) {
                var token = server.request("POST", V3 + "/register", "", """
                                {"username": "alice", "password": "alice's password", "auth": {"type": "m.login.dummy"}}""")
                        .path("access_token")
                        .asString();
                var room = server.request("POST", V3 + "/createRoom", token, "{}")
                        .path("room_id")
                        .asString();
                server.request(
                        "PUT",
                        V3 + "/rooms/" + URLEncoder.encode(room, StandardCharsets.UTF_8) + "/send/m.room.message/1",
                        token,
                        """
                        {"msgtype": "m.text", "body": "Hello"}""");

                await().atMost(PATIENCE).untilAsserted(() -> {
                    var trace = traceOf(collector);
                    var request = only(trace, span -> span.name().equals(SEND));
                    assertThat(request.service()).isEqualTo("client-room-send");
                    assertThat(request.parent()).isEmpty();
                    var command = only(trace, span -> span.name().equals("process room.input"));
                    assertThat(command.service()).isEqualTo("room-server");
                    assertThat(only(trace, span -> span.name().equals("send room.input")))
                            .returns(request.id(), Received::parent)
                            .returns(command.parent(), Received::id);
                    assertThat(only(trace, span -> span.name().equals("commit")).parent())
                            .isEqualTo(command.id());
                    var fact = only(trace, span -> span.name().equals("send room.output"));
                    assertThat(trace)
                            .filteredOn(span -> span.name().equals("process room.output"))
                            .filteredOn(span -> span.service().equals("client-sync"))
                            .allMatch(span -> span.parent().equals(fact.id()))
                            .extracting(Received::instance)
                            .contains("client-sync#1", "client-sync#2");
                });
                assertThat(callsBetweenProcesses(collector.spans())).isNotEmpty();
                assertThat(server.stopsInTime()).isTrue();
            }
        }
    }

    private static List<Received> traceOf(TraceReceiver collector) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(SEND))
                .findFirst()
                .map(span -> collector.spansOf(span.trace()))
                .orElse(List.of());
    }

    private static Received only(List<Received> trace, Predicate<Received> which) {
        var found = trace.stream().filter(which).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /** The calls over HTTP, each of which belongs to the trace of a request in another process. */
    private static List<Received> callsBetweenProcesses(List<Received> spans) {
        var calls = spans.stream()
                .filter(span -> span.attributes().containsKey("rpc.method"))
                .toList();
        assertThat(calls)
                .allSatisfy(call -> assertThat(spans)
                        .filteredOn(span -> span.id().equals(call.parent()))
                        .allMatch(caller -> caller.trace().equals(call.trace()))
                        .allMatch(caller -> !caller.service().equals(call.service())));
        return calls;
    }
}
