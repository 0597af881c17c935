package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Indexes of a large table that are built while the services run: a migration that built them would stop all writers of the
 * release before until it ended. A migration builds them only where the table is small.
 */
public final class LateIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(LateIndexes.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** @param on what follows the name, such as {@code ON event (shard, seq)} */
    public record Index(String name, String on) {}

    private final ServiceDatabase database;
    private final List<Index> indexes;
    private volatile boolean ready;

    private LateIndexes(ServiceDatabase database, List<Index> indexes) {
        this.database = database;
        this.indexes = List.copyOf(indexes);
    }

    /** Looks whether the indexes are there, and else begins to build them. */
    public static LateIndexes of(ServiceDatabase database, List<Index> indexes) {
        LateIndexes late = new LateIndexes(database, indexes);
        try (Connection connection = database.connectForBuilds()) {
            late.ready = late.areValid(connection);
        } catch (SQLException e) {
            LOG.debug("The indexes are looked at later", e);
        }
        if (!late.ready) {
            Thread.ofVirtual().name("late-indexes").start(late::build);
        }
        return late;
    }

    /** Whether all of the indexes can be used. */
    public boolean ready() {
        return ready;
    }

    private void build() {
        try {
            while (!ready) {
                try (Connection connection = database.connectForBuilds()) {
                    ready = areValid(connection) || buildIfNobodyElseDoes(connection);
                } catch (SQLException e) {
                    LOG.warn("Indexes of {} cannot be built for now", database.schema(), e);
                }
                if (!ready) {
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean areValid(Connection connection) throws SQLException {
        for (Index index : indexes) {
            if (!isValid(connection, index)) {
                return false;
            }
        }
        return true;
    }

    private boolean isValid(Connection connection, Index index) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(?)")) {
            query.setString(1, database.schema() + "." + index.name());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** @return whether all indexes are there now */
    private boolean buildIfNobodyElseDoes(Connection connection) throws SQLException {
        if (!tryLock(connection)) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            for (Index index : indexes) {
                if (!isValid(connection, index)) {
                    LOG.info("The index {} is built; until then, what needs it is not offered", index.name());
                    // A build that was broken off leaves an index that is not valid.
                    statement.execute("DROP INDEX CONCURRENTLY IF EXISTS " + index.name());
                    statement.execute("CREATE INDEX CONCURRENTLY " + index.name() + " " + index.on());
                    LOG.info("The index {} is there", index.name());
                }
            }
        }
        return areValid(connection);
    }

    /** The lock ends with the connection. */
    private boolean tryLock(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT pg_try_advisory_lock(hashtext('late-indexes'), hashtext(?))")) {
            query.setString(1, database.schema());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
