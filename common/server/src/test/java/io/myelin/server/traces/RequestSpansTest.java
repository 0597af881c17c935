package io.myelin.server.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.micrometer.observation.ObservationRegistry;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.settings.TraceSettings;
import io.myelin.web.InternalListener;
import io.myelin.web.address.ClientAddresses;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.ServerHttpObservationFilter;

class RequestSpansTest {
    private static final int INTERNAL_PORT = 9_000;
    private static final String PROXY = "10.1.0.7";
    private static final String STRANGER = "198.51.100.7";
    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private final List<SpanData> spans = new ArrayList<>();
    private final OpenTelemetryTraces traces = new OpenTelemetryTraces(new Collecting(), Resource.empty());
    private final Rooms rooms = new Rooms();
    private TraceSettings settings = settings(0, true);
    private final MockMvc mvc;

    RequestSpansTest() {
        var observations = ObservationRegistry.create();
        observations
                .observationConfig()
                .observationHandler(new RequestSpans(
                        traces,
                        new InternalListener(() -> INTERNAL_PORT, "secret"),
                        new ClientAddresses("10.1.0.0/16"),
                        () -> settings));
        mvc = MockMvcBuilders.standaloneSetup(rooms)
                .addFilters(new ServerHttpObservationFilter(observations))
                .build();
    }

    private static TraceSettings settings(double sampled, boolean fromProxies) {
        return new TraceSettings(URI.create("http://localhost:4318"), sampled, fromProxies);
    }

    private final class Collecting implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> some) {
            spans.addAll(some);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @RestController
    private final class Rooms {
        private final List<String> seen = new ArrayList<>();

        @GetMapping("/rooms/{room}")
        ResponseEntity<String> room(@PathVariable String room, HttpServletRequest request) {
            seen.add(String.valueOf(traces.current()) + " " + MDC.get("trace"));
            return ResponseEntity.status(room.equals("broken") ? 500 : 200).body(room);
        }
    }

    private List<SpanData> spansOf(String path, String from, int port, String header, boolean admitted)
            throws Exception {
        mvc.perform(get(path).with((MockHttpServletRequest request) -> {
            request.setRemoteAddr(from);
            request.setLocalPort(port);
            if (!header.isEmpty()) {
                request.addHeader(TraceParent.HEADER, header);
            }
            if (admitted) {
                request.setAttribute("io.myelin.internal-request", true);
            }
            return request;
        }));
        traces.close();
        return spans;
    }

    private List<SpanData> spansOf(String from, String header) throws Exception {
        return spansOf("/rooms/alpha", from, 8_008, header, false);
    }

    @Test
    void requestOfAStrangerIsTracedByChanceAlone() throws Exception {
        assertThat(spansOf(STRANGER, SAMPLED)).isEmpty();
    }

    @Test
    void tracedRequestOfAStrangerBeginsATraceOfItsOwn() throws Exception {
        settings = settings(1, true);
        assertThat(spansOf(STRANGER, SAMPLED)).singleElement().satisfies(span -> {
            assertThat(SAMPLED).doesNotContain(span.getTraceId());
            assertThat(span.getParentSpanContext().isValid()).isFalse();
        });
    }

    @Test
    void trustedProxySaysWhetherARequestIsTraced() throws Exception {
        assertThat(spansOf(PROXY, SAMPLED))
                .singleElement()
                .satisfies(span -> assertThat(SAMPLED).contains(span.getTraceId(), span.getParentSpanId()));
    }

    @Test
    void trustedProxySaysThatARequestIsNotTraced() throws Exception {
        settings = settings(1, true);
        assertThat(spansOf(PROXY, NOT_SAMPLED)).isEmpty();
    }

    @Test
    void proxyThatPassesOnWhatAnybodySentIsNotBelieved() throws Exception {
        settings = settings(0, false);
        assertThat(spansOf(PROXY, SAMPLED)).isEmpty();
    }

    @Test
    void callOfAnotherProcessIsTracedExactlyIfItsCallerIs() throws Exception {
        settings = settings(0, false);
        assertThat(spansOf("/rooms/alpha", STRANGER, INTERNAL_PORT, SAMPLED, true))
                .singleElement()
                .satisfies(span -> assertThat(SAMPLED).contains(span.getTraceId(), span.getParentSpanId()));
    }

    @Test
    void callOfAnotherProcessBeginsNoTrace() throws Exception {
        settings = settings(1, true);
        assertThat(spansOf("/rooms/alpha", PROXY, INTERNAL_PORT, "", true)).isEmpty();
    }

    @Test
    void whoDoesNotKnowTheSecretIsNotTracedOnTheInternalPort() throws Exception {
        settings = settings(1, true);
        assertThat(spansOf("/rooms/alpha", PROXY, INTERNAL_PORT, SAMPLED, false))
                .isEmpty();
    }

    @Test
    void spanIsNamedByThePatternOfThePathAndNeverByThePath() throws Exception {
        settings = settings(1, true);
        assertThat(spansOf(STRANGER, "")).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("GET /rooms/{room}");
            assertThat(span.toString()).doesNotContain("alpha");
            assertThat(span.hasEnded()).isTrue();
        });
    }

    @Test
    void controllerWorksOnTheSpanAndItsLogHasTheTrace() throws Exception {
        settings = settings(1, true);
        var span = spansOf(STRANGER, "").getFirst();
        assertThat(rooms.seen)
                .containsExactly("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01 " + span.getTraceId());
        assertThat(traces.current()).isNull();
        assertThat(MDC.get("trace")).isNull();
    }

    @Test
    void failureIsMarked() throws Exception {
        settings = settings(1, true);
        assertThat(spansOf("/rooms/broken", STRANGER, 8_008, "", false))
                .singleElement()
                .satisfies(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    }
}
