package io.myelin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * One connection's transaction as a {@link JdbcClient}. If the transaction is a snapshot, all queries read the same
 * one.
 */
public final class Snapshot {

    /** How many rows the driver holds at once: a large room's state is some hundred megabytes of rows. */
    private static final int ROWS = 1_000;

    private Snapshot() {}

    /** A client of this connection, which it never closes. */
    public static JdbcClient of(Connection connection) {
        JdbcTemplate template = new JdbcTemplate(new SingleConnectionDataSource(connection, false));
        template.setFetchSize(ROWS);
        return JdbcClient.create(template);
    }

    /**
     * Does work with a client of this connection.
     *
     * @throws SQLException the driver's exception: its SQLSTATE tells whether to try again, which Spring's exceptions
     *     do not
     */
    static <T> T read(Connection connection, Function<JdbcClient, T> work) throws SQLException {
        try {
            return work.apply(of(connection));
        } catch (DataAccessException e) {
            throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getMessage(), e);
        }
    }
}
