package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

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
            Column.of("created_at", Type.LONG),
            Column.of("locked", Type.BOOLEAN),
            Column.of("suspended", Type.BOOLEAN));

    void put(int shard, UserState.Account account) {
        rows.add(
                shard,
                account.user().value(),
                account.passwordHash(),
                account.admin(),
                account.guest(),
                account.deactivated(),
                account.erased(),
                account.createdAt(),
                account.locked(),
                account.suspended());
    }

    /** The users among these who were erased, of any shard. */
    static List<UserId> erased(JdbcClient jdbc, int shards, List<UserId> users) {
        int[] theirs = users.stream()
                .mapToInt(user -> Partitions.of(user.value(), shards))
                .distinct()
                .toArray();
        String[] names = users.stream().map(UserId::value).toArray(String[]::new);
        return jdbc.sql("SELECT user_id FROM account WHERE shard = ANY (?) AND user_id = ANY (?) AND erased")
                .params(theirs, names)
                .query((row, _) -> new UserId(row.getString(1)))
                .list();
    }

    Optional<UserState.Account> find(
            JdbcClient jdbc, int shard, UserId user, Map<String, Device> devices, Profile profile) {
        return jdbc.sql("""
                SELECT password_hash, admin, guest, deactivated, erased, created_at, locked, suspended
                  FROM account WHERE shard = ? AND user_id = ?""")
                .params(shard, user.value())
                .query((row, _) -> new UserState.Account(
                        user,
                        row.getString(1),
                        row.getBoolean(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getBoolean(7),
                        row.getBoolean(8),
                        row.getLong(6),
                        devices,
                        profile))
                .optional();
    }
}
