package io.myelin.accountserver.storage;

import io.myelin.contracts.account.AccountQueries.SeenDevice;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.UnshardedTables;
import java.time.Duration;
import java.util.List;

/** The table {@code device_activity}. */
public final class DeviceActivityTable {
    private static final int MOST = 10_000;
    private static final int SLICE = 1_000;
    private static final long KEPT_MILLIS = Duration.ofDays(28).toMillis();

    private final UnshardedTables tables;

    public DeviceActivityTable(UnshardedTables tables) {
        this.tables = tables;
    }

    /** Of two reports about a device, the later one counts. */
    public void put(List<SeenDevice> devices) {
        tables.transact(jdbc -> jdbc.sql("""
                INSERT INTO device_activity AS known (user_id, device_id, ip, user_agent, seen_at)
                SELECT DISTINCT ON (user_id, device_id) *
                  FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
                    AS seen (user_id, device_id, ip, user_agent, seen_at)
                 ORDER BY user_id, device_id, seen_at DESC
                ON CONFLICT (user_id, device_id) DO UPDATE
                   SET ip = excluded.ip, user_agent = excluded.user_agent, seen_at = excluded.seen_at
                 WHERE known.seen_at < excluded.seen_at""")
                .params(
                        devices.stream().map(device -> device.user().value()).toArray(String[]::new),
                        devices.stream().map(SeenDevice::device).toArray(String[]::new),
                        devices.stream().map(SeenDevice::ip).toArray(String[]::new),
                        devices.stream().map(SeenDevice::userAgent).toArray(String[]::new),
                        devices.stream().map(SeenDevice::seenAt).toArray(Long[]::new))
                .update());
    }

    /** Deletes what was not seen for four weeks; returns whether there may be more. */
    public boolean deleteOld(long now) {
        return tables.transact(
                jdbc -> jdbc.sql("""
                        DELETE FROM device_activity WHERE (user_id, device_id) IN (
                            SELECT user_id, device_id FROM device_activity WHERE seen_at <= ? LIMIT ?
                               FOR UPDATE SKIP LOCKED)""").params(now - KEPT_MILLIS, SLICE).update() == SLICE);
    }

    public List<SeenDevice> of(UserId user) {
        return tables.transact(jdbc -> jdbc.sql("""
                SELECT device_id, ip, user_agent, seen_at FROM device_activity WHERE user_id = ? LIMIT ?""")
                .params(user.value(), MOST)
                .query((row, _) ->
                        new SeenDevice(user, row.getString(1), row.getString(2), row.getString(3), row.getLong(4)))
                .list());
    }
}
