package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.account.Refresh;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code device}. A removed device stays as a row without a token. So if one batch removes a device and makes it
 * anew, or the reverse, the last change counts.
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
            Column.of("seq", Type.LONG),
            Column.of("expires_at", Type.LONG),
            Column.of("refresh", Type.BYTES),
            Column.of("refresh_expires_at", Type.LONG));

    void put(int shard, UserId user, Device device, long seq) {
        Refresh refresh = device.refresh();
        rows.add(
                shard,
                user.value(),
                device.id(),
                device.displayName(),
                device.tokenHash(),
                device.session(),
                device.loggedInAt(),
                seq,
                device.expiresAt(),
                refresh == null ? null : refresh.toBytes(),
                refresh == null ? 0L : refresh.expiresAt());
    }

    void remove(int shard, UserId user, String device, long seq) {
        rows.add(shard, user.value(), device, null, null, 0L, 0L, seq, 0L, null, 0L);
    }

    Map<String, Device> of(JdbcClient jdbc, int shard, UserId user) {
        return jdbc
                .sql("""
                    SELECT device_id, display_name, token_hash, session, logged_in_at, expires_at, refresh,
                           refresh_expires_at
                      FROM device WHERE shard = ? AND user_id = ? AND token_hash IS NOT NULL\
                    """)
                .params(shard, user.value())
                .query((row, _) -> new Device(
                        row.getString(1),
                        row.getString(2),
                        row.getBytes(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        Refresh.parse(row.getBytes(7), row.getLong(8))))
                .list()
                .stream()
                .collect(Collectors.toMap(Device::id, Function.identity()));
    }

    /**
     * The session of an access token.
     *
     * @param isUnused whether nobody has used the access token yet, with which the session goes on after a refresh
     */
    record Found(Session session, boolean isUnused) {}

    Optional<Found> session(JdbcClient jdbc, int shard, UserId user, byte[] tokenHash) {
        return jdbc.sql("""
            SELECT device_id, admin, guest, session, expires_at, locked, suspended, refresh, refresh_expires_at
              FROM device JOIN account USING (shard, user_id)
             WHERE shard = ? AND user_id = ? AND token_hash = ? AND NOT deactivated\
            """)
                .params(shard, user.value(), tokenHash)
                .query((row, _) -> new Found(
                        new Session(
                                user,
                                row.getString(1),
                                row.getBoolean(2),
                                row.getBoolean(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getBoolean(6),
                                row.getBoolean(7)),
                        isUnused(Refresh.parse(row.getBytes(8), row.getLong(9)))))
                .optional();
    }

    private static boolean isUnused(@Nullable Refresh tokens) {
        return tokens != null && tokens.isUnused();
    }

    /**
     * A session of a user who may act, for something that they wanted done later: empty if the account is closed or locked.
     * It has the device only if that still has the session of this number.
     */
    static Optional<Session> ofUser(JdbcClient jdbc, int shard, UserId user, @Nullable String device, long session) {
        return jdbc.sql("""
            SELECT d.device_id, admin, guest, suspended
              FROM account a LEFT JOIN device d
                ON d.shard = a.shard AND d.user_id = a.user_id AND d.device_id = ? AND d.session = ?
               AND d.token_hash IS NOT NULL
             WHERE a.shard = ? AND a.user_id = ? AND NOT deactivated AND NOT locked\
            """)
                .params(Arrays.asList(device, session, shard, user.value()))
                .query((row, _) -> new Session(
                        user,
                        row.getString(1),
                        row.getBoolean(2),
                        row.getBoolean(3),
                        session,
                        0,
                        false,
                        row.getBoolean(4)))
                .optional();
    }

    /** The device's last change, if it has the number {@code seq}. */
    Optional<AccountFact> changed(JdbcClient jdbc, int shard, UserId user, String device, long seq) {
        return jdbc.sql("""
            SELECT display_name, token_hash, session
              FROM device
             WHERE shard = ? AND user_id = ? AND device_id = ? AND seq = ? AND token_hash IS NOT NULL\
            """)
                .params(shard, user.value(), device, seq)
                .query((row, _) -> (AccountFact)
                        new AccountFact.DeviceChanged(user, device, row.getString(1), row.getBytes(2), row.getLong(3)))
                .optional();
    }
}
