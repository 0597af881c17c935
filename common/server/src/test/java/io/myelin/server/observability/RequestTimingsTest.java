package io.myelin.server.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

class RequestTimingsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MockMvc mvc;

    RequestTimingsTest() {
        registry.config().meterFilter(RequestTimings.histogram());
        mvc = MockMvcBuilders.standaloneSetup(new Rooms())
                .addFilters(new RequestTimings(registry, List.of()).filter())
                .build();
    }

    @RestController
    static class Rooms {
        @GetMapping("/rooms/{room}")
        String room(@PathVariable String room) {
            return room;
        }
    }

    private void get(String path) throws Exception {
        mvc.perform(MockMvcRequestBuilders.get(path));
    }

    @Test
    void areKeptByThePatternOfThePathAndNeverByThePath() throws Exception {
        get("/rooms/alpha");
        get("/rooms/beta");
        get("/nowhere/gamma");

        assertThat(registry.scrape())
                .contains("uri=\"/rooms/{room}\"")
                .contains("http_server_requests_seconds_count{", "http_server_requests_seconds_bucket{")
                .contains("le=\"0.05\"", "le=\"30.0\"")
                .doesNotContain("alpha", "beta", "gamma", "nowhere");
        assertThat(registry.get("http.server.requests")
                        .tag("uri", "/rooms/{room}")
                        .timer()
                        .count())
                .isEqualTo(2);
    }
}
