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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

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

    Optional<byte[]> content(JdbcClient jdbc, int shard, UserId user, @Nullable RoomId room, String type) {
        return jdbc.sql("""
                SELECT content FROM account_data
                 WHERE shard = ? AND user_id = ? AND room = ? AND type = ? AND content IS NOT NULL""")
                .params(shard, user.value(), room(room), type)
                .query((row, _) -> row.getBytes(1))
                .optional();
    }

    /** The size of an item. */
    UserState.Item item(JdbcClient jdbc, int shard, UserId user, @Nullable RoomId room, String type) {
        return jdbc.sql("""
                SELECT coalesce(octet_length(content), 0) FROM account_data
                 WHERE shard = ? AND user_id = ? AND room = ? AND type = ?""")
                .params(shard, user.value(), room(room), type)
                .query((row, _) -> new UserState.Item(true, row.getLong(1)))
                .optional()
                .orElse(UserState.Item.ABSENT);
    }

    /** How many items a user has, and their total size. */
    UserState.Usage usage(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("""
                SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM account_data
                 WHERE shard = ? AND user_id = ?""")
                .params(shard, user.value())
                .query((row, _) -> new UserState.Usage(row.getInt(1), row.getLong(2), 0, 0))
                .single();
    }

    List<AccountDatum> of(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("""
                SELECT room, type, content, seq FROM account_data
                 WHERE shard = ? AND user_id = ? AND content IS NOT NULL ORDER BY seq""")
                .params(shard, user.value())
                .query((row, _) -> {
                    String room = row.getString(1);
                    return new AccountDatum(
                            room.equals(GLOBAL) ? null : new RoomId(room),
                            row.getString(2),
                            row.getBytes(3),
                            row.getLong(4));
                })
                .list();
    }

    /** The last change of this account data, if it has the number {@code seq}. */
    Optional<AccountFact> changed(
            JdbcClient jdbc, int shard, UserId user, @Nullable RoomId room, String type, long seq) {
        return jdbc.sql("""
                SELECT content FROM account_data
                 WHERE shard = ? AND user_id = ? AND room = ? AND type = ? AND seq = ?""")
                .params(shard, user.value(), room(room), type, seq)
                .query((row, _) -> (AccountFact) new AccountFact.AccountDataChanged(
                        user, room, type, Objects.requireNonNullElse(row.getBytes(1), EMPTY_OBJECT)))
                .optional();
    }

    static String room(@Nullable RoomId room) {
        return room == null ? GLOBAL : room.value();
    }
}
