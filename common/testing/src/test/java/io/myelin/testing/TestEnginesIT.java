package io.myelin.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.embedded.DatabaseLogin;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TestEnginesIT {
    @Test
    void commitsAreDurableAsInEarnest() throws SQLException {
        var database = TestEngines.embedded().freshDatabase("durable");
        assertThat(query(database, "SHOW fsync")).isEqualTo("on");
        assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
    }

    @Test
    void rolesAreNoSuperusers() throws SQLException {
        var database = TestEngines.shared().freshDatabase("humble");
        assertThat(query(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("f");
    }

    @Test
    void databaseComesBackAfterAKillWithAllThatWasCommitted() throws SQLException {
        var database = TestEngines.embedded().freshDatabase("killed");
        query(database, "CREATE TABLE word AS SELECT 'kept' AS word; SELECT 1");
        TestEngines.embedded().killPostgresqlAndAwaitItsReturn();
        assertThat(query(database, "SELECT word FROM word")).isEqualTo("kept");
    }

    @Test
    void wipedBrokerIsAnotherClusterAtTheSameAddress() throws Exception {
        var engines = TestEngines.embedded();
        try (var admin = Admin.create(Map.of("bootstrap.servers", engines.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("wiped", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> admin.listTopics().names().get().contains("wiped"));
        }
        engines.wipeKafka();
        engines.startKafka();
        try (var admin = Admin.create(Map.of("bootstrap.servers", engines.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of());
        }
    }

    private static String query(DatabaseLogin login, String statements) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var statement = connection.createStatement()) {
            var isResult = statement.execute(statements);
            while (!isResult) {
                isResult = statement.getMoreResults();
            }
            try (var row = statement.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
