package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.engine.StoreUnavailable;
import io.myelin.testing.TestEngines;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotIT {

    private final DatabaseLogin login = login();
    private final ServiceDatabase database = ServiceDatabase.ephemeral("snapshot_it", login, 2);

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("snapshot_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void allQuestionsOfAReadAreAnsweredFromOneSnapshot() throws SQLException {
        String shards = "SELECT count(*) FROM shard";
        boolean isSame = database.read(jdbc -> {
            long before = jdbc.sql(shards).query(Long.class).single();
            prepare(3);
            return jdbc.sql(shards).query(Long.class).single() == before;
        });

        assertThat(isSame).isTrue();
        long after = database.read(jdbc -> jdbc.sql(shards).query(Long.class).single());
        assertThat(after).isEqualTo(3);
    }

    private void prepare(int shards) {
        try {
            ShardSetup.prepare(database, shards);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void arraysAreParameters() {
        byte[][] bytes = {"a".getBytes(StandardCharsets.US_ASCII), {}};
        String found = database.read(jdbc -> jdbc.sql("SELECT concat(a, b, c, d, encode(e, 'escape'))"
                        + " FROM unnest(?, ?, ?, ?, ?) AS u (a, b, c, d, e) LIMIT 1")
                .params(
                        new long[] {1L << 40, 2},
                        new int[] {3, 4},
                        new Long[] {5L, 6L},
                        new String[] {"x{,", "y"},
                        bytes)
                .query(String.class)
                .single());

        assertThat(found).isEqualTo("1099511627776" + "3" + "5" + "x{," + "a");
    }

    /** The engine's shell tells by the SQLSTATE whether a failure is temporary. */
    @Test
    void whatTheDriverSaysIsTheCauseOfAFailedRead() {
        assertThatThrownBy(() -> database.read(jdbc ->
                        jdbc.sql("SELECT 1 / ?").param(0).query(Integer.class).single()))
                .isInstanceOf(StoreUnavailable.class)
                .cause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        said -> assertThat(said.getSQLState()).isEqualTo("22012"));
    }

    @Test
    void aRowThatHasToBeThereAndIsNotFailsTheRead() {
        assertThatThrownBy(() -> database.read(jdbc -> CommittedRow.read(jdbc, 7)))
                .isInstanceOf(StoreUnavailable.class)
                .cause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        said -> assertThat(said.getSQLState()).isNull());
    }

    @Test
    void whatAReaderThrowsByItselfIsNoFailureOfTheDatabase() {
        assertThatThrownBy(() -> database.read(jdbc -> jdbc.sql("SELECT 1")
                        .query((_, _) -> Integer.parseInt("one"))
                        .single()))
                .isInstanceOf(NumberFormatException.class);
    }
}
