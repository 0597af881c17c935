package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserState;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

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

    /** Adds the user's filters to the usage. */
    UserState.Usage and(JdbcClient jdbc, int shard, UserId user, UserState.Usage data) {
        return jdbc.sql("""
                SELECT count(*), coalesce(sum(octet_length(body)), 0) FROM filter
                 WHERE shard = ? AND user_id = ?""")
                .params(shard, user.value())
                .query((row, _) -> new UserState.Usage(data.items(), data.itemBytes(), row.getInt(1), row.getLong(2)))
                .single();
    }

    Optional<byte[]> find(JdbcClient jdbc, int shard, UserId user, String id) {
        return jdbc.sql("SELECT body FROM filter WHERE shard = ? AND user_id = ? AND filter_id = ?")
                .params(shard, user.value(), id)
                .query((row, _) -> row.getBytes(1))
                .optional();
    }
}
