package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table {@code account}. */
final class AccountTable {
    final TableRows rows = TableRows.upsert(
            "account",
            2,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("password_hash", Type.TEXT),
            Column.of("admin", Type.BOOLEAN),
            Column.of("guest", Type.BOOLEAN),
            Column.of("deactivated", Type.BOOLEAN),
            Column.of("erased", Type.BOOLEAN),
            Column.of("created_at", Type.LONG));

    void put(int shard, UserState.Account account) {
        rows.add(
                shard,
                account.user().value(),
                account.passwordHash(),
                account.admin(),
                account.guest(),
                account.deactivated(),
                account.erased(),
                account.createdAt());
    }

    /** Those of these users who were erased, of whatever shard. */
    static List<UserId> erased(Connection connection, int shards, List<UserId> users) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT user_id FROM account WHERE shard = ANY (?) AND user_id = ANY (?) AND erased")) {
            Object[] each = users.stream()
                    .map(user -> Partitions.of(user.value(), shards))
                    .distinct()
                    .toArray();
            statement.setArray(1, connection.createArrayOf("int4", each));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", users.stream().map(UserId::value).toArray()));
            List<UserId> erased = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    erased.add(new UserId(row.getString(1)));
                }
            }
            return erased;
        }
    }

    Optional<UserState.Account> find(
            Connection connection, int shard, UserId user, Map<String, Device> devices, Profile profile)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT password_hash, admin, guest, deactivated, erased, created_at
                  FROM account WHERE shard = ? AND user_id = ?""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new UserState.Account(
                                user,
                                row.getString(1),
                                row.getBoolean(2),
                                row.getBoolean(3),
                                row.getBoolean(4),
                                row.getBoolean(5),
                                row.getLong(6),
                                devices,
                                profile))
                        : Optional.empty();
            }
        }
    }
}
