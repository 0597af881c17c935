package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserKeys.KeySignature;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code device_keys}. */
final class DeviceKeyTable {
    final TableRows rows = TableRows.upsert(
            "device_keys",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("uploaded", Type.BYTES),
            Column.of("signer", Type.TEXT),
            Column.of("signature", Type.TEXT),
            Column.of("seq", Type.LONG));

    final TableRows deletions = TableRows.deleteOlder(
            "device_keys",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("seq", Type.LONG));

    /**
     * A device's keys.
     *
     * @param displayName of the device
     */
    record Row(
            UserId user,
            String device,
            OfDevice keys,
            @Nullable String displayName) {}

    void put(int shard, UserId user, String device, @Nullable OfDevice keys, long seq) {
        if (keys == null) {
            deletions.add(shard, user.value(), device, seq);
            return;
        }
        KeySignature signature = keys.signature();
        rows.add(
                shard,
                user.value(),
                device,
                keys.uploaded(),
                signature == null ? null : signature.keyId(),
                signature == null ? null : signature.signature(),
                seq);
    }

    Map<String, OfDevice> of(JdbcClient jdbc, int shard, UserId user) {
        Map<String, OfDevice> devices = new HashMap<>();
        for (Row row : of(jdbc, shard, List.of(user))) {
            devices.put(row.device(), row.keys());
        }
        return devices;
    }

    /** How large the keys of all devices of some users are together. */
    long bytes(JdbcClient jdbc, int shard, Collection<UserId> users) {
        return jdbc.sql("""
            SELECT coalesce(sum(octet_length(uploaded)), 0) FROM device_keys
             WHERE shard = ? AND user_id = ANY (?)\
            """)
                .params(shard, users.stream().map(UserId::value).toArray(String[]::new))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** The keys of all devices of some users. */
    List<Row> of(JdbcClient jdbc, int shard, Collection<UserId> users) {
        return jdbc.sql("""
            SELECT k.user_id, k.device_id, k.uploaded, k.signer, k.signature, d.display_name
              FROM device_keys k
              LEFT JOIN device d ON d.shard = k.shard AND d.user_id = k.user_id AND d.device_id = k.device_id
             WHERE k.shard = ? AND k.user_id = ANY (?)\
            """)
                .params(shard, users.stream().map(UserId::value).toArray(String[]::new))
                .query((row, _) -> new Row(
                        new UserId(row.getString(1)),
                        row.getString(2),
                        new OfDevice(row.getBytes(3), signature(row, 4)),
                        row.getString(6)))
                .list();
    }

    private static @Nullable KeySignature signature(ResultSet row, int column) throws SQLException {
        String signer = row.getString(column);
        return signer == null ? null : new KeySignature(signer, row.getString(column + 1));
    }
}
