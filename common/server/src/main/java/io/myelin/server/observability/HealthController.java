package io.myelin.server.observability;

import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The probes of Kubernetes and of the supervisor, with the paths and the answers of Spring Boot's Actuator. They say no
 * more than the status: {@link StatusController} says what does not work.
 */
@RestController
final class HealthController {
    private final Health health;
    private final Liveness liveness;

    HealthController(Health health, Liveness liveness) {
        this.health = health;
        this.liveness = liveness;
    }

    /** 200 as long as the process need not be restarted, else 503. */
    @GetMapping("/actuator/health/liveness")
    ResponseEntity<Map<String, String>> liveness() {
        return answer(liveness.trouble() == null, "DOWN");
    }

    /** 200 while the process can do its work, else 503. */
    @GetMapping("/actuator/health/readiness")
    ResponseEntity<Map<String, String>> readiness() {
        return answer(health.trouble() == null, "OUT_OF_SERVICE");
    }

    private static ResponseEntity<Map<String, String>> answer(boolean well, String otherwise) {
        return ResponseEntity.status(well ? 200 : 503).body(Map.of("status", well ? "UP" : otherwise));
    }
}
