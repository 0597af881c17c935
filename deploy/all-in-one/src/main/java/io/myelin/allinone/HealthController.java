package io.myelin.allinone;

import io.myelin.postgres.DatabaseLogin;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /_myelin/health}: 200 while the server can do its work, 503 while its database takes no connection. */
@RestController
class HealthController {
    private static final String SECONDS = "2";
    private final DatabaseLogin database;

    HealthController(DatabaseLogin database) {
        this.database = database;
    }

    @GetMapping("/_myelin/health")
    ResponseEntity<Map<String, String>> health() {
        return isDatabaseUp()
                ? ResponseEntity.ok(Map.of("status", "up"))
                : ResponseEntity.status(503).body(Map.of("status", "down", "database", "takes no connection"));
    }

    private boolean isDatabaseUp() {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        try (var connection = DriverManager.getConnection(database.url(), properties)) {
            return connection.isValid(Integer.parseInt(SECONDS));
        } catch (SQLException e) {
            return false;
        }
    }
}
