package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code account_data}. */
final class AccountDataTable {
    private static final String GLOBAL = "";
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);

    final TableRows rows = TableRows.upsert(
            "account_data",
            4,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("room", Type.TEXT),
            Column.of("type", Type.TEXT),
            Column.of("content", Type.BYTES),
            Column.of("seq", Type.LONG));

    void put(int shard, AccountFact.AccountDataChanged fact, boolean deleted, long seq) {
        rows.add(shard, fact.user().value(), room(fact.room()), fact.type(), deleted ? null : fact.content(), seq);
    }

    Optional<byte[]> content(Connection connection, int shard, UserId user, @Nullable RoomId room, String type)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT content FROM account_data
                 WHERE shard = ? AND user_id = ? AND room = ? AND type = ? AND content IS NOT NULL""")) {
            bind(statement, shard, user, room, type);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    /** The size of an item. */
    UserState.Item item(Connection connection, int shard, UserId user, @Nullable RoomId room, String type)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT coalesce(octet_length(content), 0) FROM account_data
                 WHERE shard = ? AND user_id = ? AND room = ? AND type = ?""")) {
            bind(statement, shard, user, room, type);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new UserState.Item(true, row.getLong(1)) : UserState.Item.ABSENT;
            }
        }
    }

    /** How many items a user has, and how large they are together. */
    UserState.Usage usage(Connection connection, int shard, UserId user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM account_data
                 WHERE shard = ? AND user_id = ?""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new UserState.Usage(row.getInt(1), row.getLong(2), 0, 0);
            }
        }
    }

    List<AccountDatum> of(Connection connection, int shard, UserId user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT room, type, content, seq FROM account_data
                 WHERE shard = ? AND user_id = ? AND content IS NOT NULL ORDER BY seq""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            List<AccountDatum> items = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String room = row.getString(1);
                    items.add(new AccountDatum(
                            room.equals(GLOBAL) ? null : new RoomId(room),
                            row.getString(2),
                            row.getBytes(3),
                            row.getLong(4)));
                }
            }
            return items;
        }
    }

    /** The last change of this account data, if it has this number. */
    Optional<AccountFact> changed(
            Connection connection, int shard, UserId user, @Nullable RoomId room, String type, long seq)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT content FROM account_data
                 WHERE shard = ? AND user_id = ? AND room = ? AND type = ? AND seq = ?""")) {
            bind(statement, shard, user, room, type);
            statement.setLong(5, seq);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new AccountFact.AccountDataChanged(
                                user, room, type, Objects.requireNonNullElse(row.getBytes(1), EMPTY_OBJECT)))
                        : Optional.empty();
            }
        }
    }

    static String room(@Nullable RoomId room) {
        return room == null ? GLOBAL : room.value();
    }

    private static void bind(PreparedStatement statement, int shard, UserId user, @Nullable RoomId room, String type)
            throws SQLException {
        statement.setInt(1, shard);
        statement.setString(2, user.value());
        statement.setString(3, room(room));
        statement.setString(4, type);
    }
}
