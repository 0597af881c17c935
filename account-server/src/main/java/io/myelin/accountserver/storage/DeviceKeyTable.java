package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserKeys.KeySignature;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
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

    /**
     * Whose keys are wanted.
     *
     * @param all users of whom the keys of all devices are wanted
     * @param users of the named devices
     * @param devices their IDs, in the order of {@code users}
     */
    record Wanted(List<String> all, List<String> users, List<String> devices) {
        private static final String ALL = "k.user_id = ANY (?)";
        private static final String NAMED = "(k.user_id, k.device_id) IN (SELECT * FROM unnest(?::text[], ?::text[]))";

        private <T> List<T> each(JdbcClient jdbc, int shard, String sql, RowMapper<T> mapper) {
            List<T> rows = new ArrayList<>();
            if (!all.isEmpty()) {
                rows.addAll(jdbc.sql(sql + ALL)
                        .param(shard)
                        .param(all.toArray(String[]::new))
                        .query(mapper)
                        .list());
            }
            if (!users.isEmpty()) {
                rows.addAll(jdbc.sql(sql + NAMED)
                        .param(shard)
                        .param(users.toArray(String[]::new))
                        .param(devices.toArray(String[]::new))
                        .query(mapper)
                        .list());
            }
            return rows;
        }
    }

    Map<String, OfDevice> of(JdbcClient jdbc, int shard, UserId user) {
        Map<String, OfDevice> devices = new HashMap<>();
        for (Row row : of(jdbc, shard, new Wanted(List.of(user.value()), List.of(), List.of()))) {
            devices.put(row.device(), row.keys());
        }
        return devices;
    }

    /** How large these keys are together. */
    long bytes(JdbcClient jdbc, int shard, Wanted wanted) {
        return wanted
                .each(
                        jdbc,
                        shard,
                        "SELECT coalesce(sum(octet_length(k.uploaded)), 0) FROM device_keys k WHERE k.shard = ? AND ",
                        (row, _) -> row.getLong(1))
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The keys of devices that are logged in. */
    List<Row> of(JdbcClient jdbc, int shard, Wanted wanted) {
        return wanted.each(
                jdbc,
                shard,
                """
                SELECT k.user_id, k.device_id, k.uploaded, k.signer, k.signature, d.display_name
                  FROM device_keys k
                  JOIN device d ON d.shard = k.shard AND d.user_id = k.user_id AND d.device_id = k.device_id
                   AND d.token_hash IS NOT NULL
                 WHERE k.shard = ? AND \
                """,
                (row, _) -> new Row(
                        new UserId(row.getString(1)),
                        row.getString(2),
                        new OfDevice(row.getBytes(3), signature(row, 4)),
                        row.getString(6)));
    }

    private static @Nullable KeySignature signature(ResultSet row, int column) throws SQLException {
        String signer = row.getString(column);
        return signer == null ? null : new KeySignature(signer, row.getString(column + 1));
    }
}
