package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The migration that deletes the log rows of superseded changes. */
class ShortenedLogIT {
    private static final Pattern ROWS = Pattern.compile("actual rows=([0-9.]+) loops=([0-9]+)");

    /** However many changes the log has, no step of the query plan takes more rows than twice the number of changes. */
    @Test
    void shortensTheLogInOneGoAndNotForEachPairOfChanges() throws IOException, SQLException {
        int changes = 2_000;
        var database = TestEngines.shared().freshDatabase("account_log");
        String migration;
        try (var file = getClass().getResourceAsStream("/db/migration/account/V2__log_of_the_newest.sql")) {
            migration = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
        String delete = migration.substring(
                migration.indexOf("delete from"), migration.indexOf(';', migration.indexOf("delete from")));
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table log (shard integer, seq bigint, kind smallint, reference text, primary key (shard, seq))");
            statement.execute(
                    "insert into log select 1, n, case when n % 2 = 0 then 6 else 1 end, '[\"@a:b\"]' from generate_series(1, "
                            + changes + ") n");
            statement.execute("analyze log");
            try (ResultSet plan = statement.executeQuery("explain (analyze, timing off, costs off) " + delete)) {
                while (plan.next()) {
                    var step = ROWS.matcher(plan.getString(1));
                    assertThat(!step.find()
                                    || Double.parseDouble(step.group(1)) * Integer.parseInt(step.group(2))
                                            <= 2.0 * changes)
                            .as(plan.getString(1))
                            .isTrue();
                }
            }
            try (ResultSet left = statement.executeQuery(
                    "select count(*), max(seq) filter (where kind = 6), count(*) filter (where kind = 6) from log")) {
                left.next();
                assertThat(left.getInt(1)).isEqualTo(changes / 2 + 1);
                assertThat(left.getInt(2)).isEqualTo(changes);
                assertThat(left.getInt(3)).isEqualTo(1);
            }
        }
    }
}
