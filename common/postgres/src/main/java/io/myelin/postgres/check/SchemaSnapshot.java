package io.myelin.postgres.check;

import io.myelin.postgres.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One snapshot of one schema, whose tables queries name without the schema.
 *
 * @param connection in a transaction that reads one snapshot
 * @param shards the number of the schema's shards
 */
public record SchemaSnapshot(Connection connection, int shards) {

    /** Visits a row of a query. */
    @FunctionalInterface
    public interface RowVisitor {

        /** @return whether to go on to the next row */
        boolean visit(ResultSet row) throws SQLException;
    }

    /** A client for queries with few rows. */
    public JdbcClient jdbc() {
        return Snapshot.of(connection);
    }

    /**
     * Visits the rows of a query, with no more of them in memory than {@code atOnce}.
     *
     * @param atOnce how many rows the driver holds at once
     */
    public void forEach(String query, int atOnce, RowVisitor visitor) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setFetchSize(atOnce);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (!visitor.visit(row)) {
                        return;
                    }
                }
            }
        }
    }
}
