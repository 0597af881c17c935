package io.myelin.server.observability;

import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /_myelin/health}: 200 while the process can do its work, else 503. {@link StatusController} says what does
 * not work.
 */
@RestController
public class HealthController {
    private final Health health;

    public HealthController(Health health) {
        this.health = health;
    }

    @GetMapping("/_myelin/health")
    ResponseEntity<Map<String, String>> health() {
        return health.trouble() == null
                ? ResponseEntity.ok(Map.of("status", "up"))
                : ResponseEntity.status(503).body(Map.of("status", "down"));
    }
}
