package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserState;
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

    /** The usage with the user's filters. */
    UserState.Usage and(Connection connection, int shard, UserId user, UserState.Usage data) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT count(*), coalesce(sum(octet_length(body)), 0) FROM filter
                 WHERE shard = ? AND user_id = ?""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new UserState.Usage(data.items(), data.itemBytes(), row.getInt(1), row.getLong(2));
            }
        }
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
