package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code cross_signing_key}. */
final class CrossSigningKeyTable {
    final TableRows rows = TableRows.upsert(
            "cross_signing_key",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("usage", Type.TEXT),
            Column.of("content", Type.BYTES),
            Column.of("seq", Type.LONG));

    final TableRows deletions = TableRows.deleteOlder(
            "cross_signing_key",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("usage", Type.TEXT),
            Column.of("seq", Type.LONG));

    private record Row(UserId user, Usage usage, byte[] key) {}

    void put(int shard, UserId user, Usage usage, byte @Nullable [] key, long seq) {
        if (key == null) {
            deletions.add(shard, user.value(), usage.text(), seq);
        } else {
            rows.add(shard, user.value(), usage.text(), key, seq);
        }
    }

    /** How large the keys of some users are together. */
    static long bytes(JdbcClient jdbc, int shard, Collection<UserId> users) {
        return jdbc.sql("""
            SELECT coalesce(sum(octet_length(content)), 0) FROM cross_signing_key
             WHERE shard = ? AND user_id = ANY (?)\
            """)
                .params(shard, users.stream().map(UserId::value).toArray(String[]::new))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** Whether the user-signing key was changed after a number. */
    static boolean isUserSigningChanged(JdbcClient jdbc, int shard, UserId user, long after) {
        return jdbc.sql("""
            SELECT EXISTS (SELECT FROM cross_signing_key
                            WHERE shard = ? AND user_id = ? AND usage = ? AND seq > ?)\
            """)
                .params(shard, user.value(), Usage.USER_SIGNING.text(), after)
                .query(Boolean.class)
                .single();
    }

    Map<Usage, byte[]> of(JdbcClient jdbc, int shard, UserId user) {
        return of(jdbc, shard, List.of(user)).getOrDefault(user, Map.of());
    }

    Map<UserId, Map<Usage, byte[]>> of(JdbcClient jdbc, int shard, Collection<UserId> users) {
        Map<UserId, Map<Usage, byte[]>> keys = new HashMap<>();
        jdbc.sql("SELECT user_id, usage, content FROM cross_signing_key WHERE shard = ? AND user_id = ANY (?)")
                .params(shard, users.stream().map(UserId::value).toArray(String[]::new))
                .query((row, _) -> new Row(new UserId(row.getString(1)), Usage.of(row.getString(2)), row.getBytes(3)))
                .list()
                .forEach(row -> keys.computeIfAbsent(row.user(), _ -> new EnumMap<>(Usage.class))
                        .put(row.usage(), row.key()));
        return keys;
    }
}
