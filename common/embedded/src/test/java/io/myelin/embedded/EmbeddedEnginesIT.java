package io.myelin.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEnginesIT {
    static final Path CACHE = Path.of("target", "engines").toAbsolutePath();
    static final PostgresqlSettings SETTINGS = new PostgresqlSettings(32, 20, Duration.ofSeconds(2));

    @TempDir
    Path directory;

    @Test
    void keepRowsAndTopicsOverStopAndStart() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            try (var engines = EmbeddedEngines.start(data, CACHE, SETTINGS)) {
                execute(engines.postgresql().login(), "CREATE TABLE kept (word text)");
                execute(engines.postgresql().login(), "INSERT INTO kept VALUES ('here')");
                createTopic(engines.kafka(), "kept");
            }
            try (var engines = EmbeddedEngines.start(data, CACHE, SETTINGS)) {
                assertThat(query(engines.postgresql().login(), "SELECT word FROM kept"))
                        .isEqualTo("here");
                assertThat(topics(engines.kafka())).containsExactly("kept");
            }
        }
    }

    @Test
    void secondServerOnTheSameDataIsToldWhoHasThem() {
        try (var data = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .isInstanceOf(DataDirectoryInUse.class)
                    .hasMessageContaining(data.path().toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    static void execute(DatabaseLogin login, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var s = connection.createStatement()) {
            s.execute(statement);
        }
    }

    static String query(DatabaseLogin login, String query) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var s = connection.createStatement();
                var row = s.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    static void createTopic(EmbeddedKafka kafka, String name) throws InterruptedException, ExecutionException {
        try (var admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(4), Optional.empty())))
                    .all()
                    .get();
        }
    }

    static Iterable<String> topics(EmbeddedKafka kafka) throws InterruptedException, ExecutionException {
        try (var admin = admin(kafka)) {
            return admin.listTopics().names().get();
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
