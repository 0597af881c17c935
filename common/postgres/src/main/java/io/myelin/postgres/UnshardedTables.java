package io.myelin.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Transactions on those tables of a service that belong to no shard. Any instance writes them at any time, so each
 * transaction must be right beside others: it changes rows by conditions, or locks them first. No position, log or fact
 * follows from them.
 */
public final class UnshardedTables implements AutoCloseable {
    private final String schema;
    private final HikariDataSource connections;

    UnshardedTables(String schema, HikariConfig config) {
        this.schema = schema;
        this.connections = new HikariDataSource(config);
    }

    /**
     * Does work in one transaction (read committed), and commits it.
     *
     * @throws StoreUnavailable if the database does not answer now; then it is not known whether the work is committed
     */
    public <T> T transact(Function<JdbcClient, T> work) {
        try (Connection connection = connections.getConnection()) {
            try {
                T result = Snapshot.read(connection, work);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw SqlStates.unavailable("The database of " + schema + " cannot be written", e);
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
