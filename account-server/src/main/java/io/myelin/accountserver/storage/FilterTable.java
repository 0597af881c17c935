package io.myelin.accountserver.storage;

import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The table {@code filter}. */
final class FilterTable {
    final TableRows rows = TableRows.upsert(
            "filter",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("filter_id", Type.TEXT),
            Column.of("body", Type.BYTES));

    void put(int shard, UserId user, String id, byte[] body) {
        rows.add(shard, user.value(), id, body);
    }

    Optional<byte[]> find(Connection connection, int shard, UserId user, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT body FROM filter WHERE shard = ? AND user_id = ? AND filter_id = ?")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            statement.setString(3, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }
}
