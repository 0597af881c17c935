package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.EntityKey.OfOneTimeKeys;
import io.myelin.accountserver.account.OneTimeKeys.OneTimeKey;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code one_time_key}. A claimed key leaves its fingerprint in the place of its content for a while. */
final class OneTimeKeyTable {
    final TableRows rows = TableRows.upsert(
            "one_time_key",
            5,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("algorithm", Type.TEXT),
            Column.of("key_id", Type.TEXT),
            Column.of("content", Type.BYTES),
            Column.of("added", Type.LONG));

    final TableRows deletions = TableRows.deleteOlder(
            "one_time_key",
            5,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("algorithm", Type.TEXT),
            Column.of("key_id", Type.TEXT),
            Column.of("added", Type.LONG));

    final TableRows removals = TableRows.deleteOlder(
            "one_time_key",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("added", Type.LONG));

    private record Row(OfOneTimeKeys device, OneTimeKey key) {}

    private record Count(String device, String algorithm, int keys) {}

    void put(int shard, UserId user, String device, OneTimeKey key) {
        DeviceKey its = key.key();
        rows.add(shard, user.value(), device, its.algorithm(), its.id(), its.key(), key.added());
    }

    void forget(int shard, UserId user, String device, OneTimeKey key, long seq) {
        deletions.add(
                shard, user.value(), device, key.key().algorithm(), key.key().id(), seq);
    }

    /** Deletes the keys of a device that is gone. */
    void remove(int shard, UserId user, String device, long seq) {
        removals.add(shard, user.value(), device, seq);
    }

    /** The keys of some devices, oldest first; a device without keys is missing. */
    Map<OfOneTimeKeys, List<OneTimeKey>> of(JdbcClient jdbc, int shard, Collection<OfOneTimeKeys> devices) {
        Map<OfOneTimeKeys, List<OneTimeKey>> keys = new HashMap<>();
        jdbc.sql("""
            SELECT user_id, device_id, algorithm, key_id, content, added FROM one_time_key
             WHERE shard = ? AND (user_id, device_id) IN (%s)\
            """.formatted(KeyTables.LOGGED_IN))
                .params(
                        shard,
                        shard,
                        devices.stream().map(device -> device.user().value()).toArray(String[]::new),
                        devices.stream().map(OfOneTimeKeys::device).toArray(String[]::new))
                .query((row, _) -> new Row(
                        new OfOneTimeKeys(new UserId(row.getString(1)), row.getString(2)),
                        new OneTimeKey(
                                new DeviceKey(row.getString(3), row.getString(4), row.getBytes(5)), row.getLong(6))))
                .list()
                .forEach(row -> keys.computeIfAbsent(row.device(), _ -> new ArrayList<>())
                        .add(row.key()));
        keys.values().forEach(each -> each.sort(OneTimeKey.OLDEST_FIRST));
        return keys;
    }

    /** How many keys the user's devices have, by device and algorithm. */
    Map<String, Map<String, Integer>> counts(JdbcClient jdbc, int shard, UserId user) {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        jdbc.sql("""
            SELECT device_id, algorithm, count(*) FROM one_time_key
             WHERE shard = ? AND user_id = ? AND get_byte(content, 0) <> 0 AND device_id IN (%s)
             GROUP BY device_id, algorithm\
            """.formatted(KeyTables.LOGGED_IN_OF))
                .params(shard, user.value(), shard, user.value())
                .query((row, _) -> new Count(row.getString(1), row.getString(2), row.getInt(3)))
                .list()
                .forEach(count -> counts.computeIfAbsent(count.device(), _ -> new TreeMap<>())
                        .put(count.algorithm(), count.keys()));
        return counts;
    }
}
