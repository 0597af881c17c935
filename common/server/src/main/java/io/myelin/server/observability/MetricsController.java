package io.myelin.server.observability;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.myelin.web.InternalListener;
import io.myelin.web.MatrixException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /metrics} in Prometheus' text format. It is on the internal port only, which is on 127.0.0.1 or in a
 * private network, and does not ask for the secret, since Prometheus has none.
 */
@RestController
final class MetricsController {

    private final PrometheusMeterRegistry registry;
    private final InternalListener internal;

    MetricsController(PrometheusMeterRegistry registry, InternalListener internal) {
        this.registry = registry;
        this.internal = internal;
    }

    @GetMapping("/metrics")
    void metrics(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!internal.received(request)) {
            throw new MatrixException(404, "M_UNRECOGNIZED", "There is no such endpoint.");
        }
        response.setContentType("text/plain; version=0.0.4; charset=utf-8");
        registry.scrape(response.getOutputStream());
    }
}
