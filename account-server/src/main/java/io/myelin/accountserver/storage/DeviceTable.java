package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.Device;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code device}. One that is removed stays as a row without a token, so that in a batch which removes a
 * device and makes it anew, or the other way round, the last word counts.
 */
final class DeviceTable {
    final TableRows rows = TableRows.upsert(
            "device",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("display_name", Type.TEXT),
            Column.of("token_hash", Type.BYTES),
            Column.of("session", Type.LONG),
            Column.of("logged_in_at", Type.LONG),
            Column.of("seq", Type.LONG));

    void put(int shard, UserId user, Device device, long seq) {
        rows.add(
                shard,
                user.value(),
                device.id(),
                device.displayName(),
                device.tokenHash(),
                device.session(),
                device.loggedInAt(),
                seq);
    }

    void remove(int shard, UserId user, String device, long seq) {
        rows.add(shard, user.value(), device, null, null, 0L, 0L, seq);
    }

    Map<String, Device> of(Connection connection, int shard, UserId user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT device_id, display_name, token_hash, session, logged_in_at
                  FROM device WHERE shard = ? AND user_id = ? AND token_hash IS NOT NULL""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            Map<String, Device> devices = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String id = row.getString(1);
                    devices.put(id, new Device(id, row.getString(2), row.getBytes(3), row.getLong(4), row.getLong(5)));
                }
            }
            return devices;
        }
    }

    Optional<Session> session(Connection connection, int shard, UserId user, byte[] tokenHash) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT device_id, admin, guest, session
                  FROM device JOIN account USING (shard, user_id)
                 WHERE shard = ? AND user_id = ? AND token_hash = ? AND NOT deactivated""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            statement.setBytes(3, tokenHash);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Session(
                                user, row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getLong(4)))
                        : Optional.empty();
            }
        }
    }

    /** The device's last change, if it has this number. */
    Optional<AccountFact> changed(Connection connection, int shard, UserId user, String device, long seq)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT display_name, token_hash, session
                  FROM device
                 WHERE shard = ? AND user_id = ? AND device_id = ? AND seq = ? AND token_hash IS NOT NULL""")) {
            statement.setInt(1, shard);
            statement.setString(2, user.value());
            statement.setString(3, device);
            statement.setLong(4, seq);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new AccountFact.DeviceChanged(
                                user, device, row.getString(1), row.getBytes(2), row.getLong(3)))
                        : Optional.empty();
            }
        }
    }
}
