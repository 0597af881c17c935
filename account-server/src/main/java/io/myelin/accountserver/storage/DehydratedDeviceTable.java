package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.todevice.DehydratedDevice;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code dehydrated_device}. A user without one may have a row without a device. */
final class DehydratedDeviceTable {
    final TableRows rows = TableRows.upsert(
            "dehydrated_device",
            2,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("data", Type.BYTES),
            Column.of("session", Type.LONG));

    void put(int shard, AccountChange.DehydratedSet set) {
        rows.add(shard, set.published().user().value(), set.published().device(), set.data(), set.session());
    }

    /** What is stored, though the device may be gone. */
    static UserState.Dehydrated state(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("""
            SELECT device_id, session, data FROM dehydrated_device
             WHERE shard = ? AND user_id = ? AND data IS NOT NULL\
            """)
                .params(shard, user.value())
                .query((row, _) -> new UserState.Dehydrated(
                        row.getString(1), row.getLong(2), UserState.Dehydrated.hash(row.getBytes(3))))
                .optional()
                .orElse(UserState.Dehydrated.NONE);
    }

    /** A dehydrated device that was removed like any other is none any more, though another has its ID. */
    Optional<DehydratedDevice> find(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("""
            SELECT h.device_id, h.data
              FROM dehydrated_device h JOIN device d USING (shard, user_id, device_id, session)
             WHERE shard = ? AND user_id = ? AND h.data IS NOT NULL AND d.token_hash IS NOT NULL\
            """)
                .params(shard, user.value())
                .query((row, _) -> new DehydratedDevice(row.getString(1), row.getBytes(2)))
                .optional();
    }
}
