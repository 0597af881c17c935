package io.myelin.allinone;

import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /_myelin/health}: 200 while the server can do its work, 503 while its database does not answer. */
@RestController
class HealthController {
    private static final int SECONDS = 2;
    private final DataSource database;

    HealthController(DataSource database) {
        this.database = database;
    }

    @GetMapping("/_myelin/health")
    ResponseEntity<Map<String, String>> health() {
        return isDatabaseUp()
                ? ResponseEntity.ok(Map.of("status", "up"))
                : ResponseEntity.status(503).body(Map.of("status", "down", "database", "does not answer"));
    }

    private boolean isDatabaseUp() {
        try (var connection = database.getConnection()) {
            return connection.isValid(SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }
}
