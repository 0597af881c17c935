package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** During an upgrade, processes of two releases start on the same schema, in any order. */
class MigrationsIT {

    private static final Migrations THIS_RELEASE = new Migrations("mixed", List.of("db/engine", "db/migration/notes"));
    private static final Migrations NEXT_RELEASE =
            new Migrations("mixed", List.of("db/engine", "db/newer", "db/migration/notes"));

    private final DatabaseLogin login = login();

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("migrations_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private void apply(Migrations migrations) throws SQLException {
        try (Connection connection = login.connect(30, Map.of())) {
            migrations.apply(connection, login);
        }
    }

    private List<String> tables() throws SQLException {
        try (Connection connection = login.connect(30, Map.of());
                ResultSet names = connection.getMetaData().getTables(null, "mixed", "n%", new String[] {"TABLE"})) {
            List<String> tables = new ArrayList<>();
            while (names.next()) {
                tables.add(names.getString("TABLE_NAME"));
            }
            return tables;
        }
    }

    @Test
    void aProcessOfThisReleaseStartsOnTheSchemaOfTheNextOne() throws SQLException {
        apply(THIS_RELEASE);
        apply(NEXT_RELEASE);

        apply(THIS_RELEASE);

        assertThat(tables()).containsExactlyInAnyOrder("newer", "note");
    }

    @Test
    void theNextReleaseAddsWhatIsMissing() throws SQLException {
        apply(THIS_RELEASE);

        apply(NEXT_RELEASE);

        assertThat(tables()).containsExactlyInAnyOrder("newer", "note");
    }
}
