package io.myelin.accountserver.storage;

import io.myelin.engine.Committed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The engine's row of a shard, read in the same snapshot as what is told with it. */
final class CommittedRow {
    private CommittedRow() {}

    static Committed read(Connection connection, int shard) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT incarnation, seq FROM shard WHERE id = ?")) {
            statement.setInt(1, shard);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("There is no shard " + shard);
                }
                return new Committed(row.getLong(1), row.getLong(2));
            }
        }
    }
}
