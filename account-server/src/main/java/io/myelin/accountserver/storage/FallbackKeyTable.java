package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.EntityKey.OfOneTimeKeys;
import io.myelin.accountserver.account.OneTimeKeys.FallbackKey;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code fallback_key}. */
final class FallbackKeyTable {
    final TableRows rows = TableRows.upsert(
            "fallback_key",
            4,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("algorithm", Type.TEXT),
            Column.of("key_id", Type.TEXT),
            Column.of("content", Type.BYTES),
            Column.of("used", Type.BOOLEAN),
            Column.of("seq", Type.LONG));

    final TableRows removals = TableRows.deleteOlder(
            "fallback_key",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("device_id", Type.TEXT),
            Column.of("seq", Type.LONG));

    private record Row(OfOneTimeKeys device, FallbackKey key) {}

    private record Unused(String device, String algorithm) {}

    void put(int shard, UserId user, String device, FallbackKey key, long seq) {
        DeviceKey its = key.key();
        rows.add(shard, user.value(), device, its.algorithm(), its.id(), its.key(), key.used(), seq);
    }

    /** Deletes the keys of a device that is gone. */
    void remove(int shard, UserId user, String device, long seq) {
        removals.add(shard, user.value(), device, seq);
    }

    /** The keys of some devices; a device without keys is missing. */
    Map<OfOneTimeKeys, List<FallbackKey>> of(JdbcClient jdbc, int shard, Collection<OfOneTimeKeys> devices) {
        Map<OfOneTimeKeys, List<FallbackKey>> keys = new HashMap<>();
        jdbc.sql("""
            SELECT user_id, device_id, algorithm, key_id, content, used FROM fallback_key
             WHERE shard = ? AND (user_id, device_id) IN (%s)\
            """.formatted(KeyTables.LOGGED_IN))
                .params(
                        shard,
                        shard,
                        devices.stream().map(device -> device.user().value()).toArray(String[]::new),
                        devices.stream().map(OfOneTimeKeys::device).toArray(String[]::new))
                .query((row, _) -> new Row(
                        new OfOneTimeKeys(new UserId(row.getString(1)), row.getString(2)),
                        new FallbackKey(
                                new DeviceKey(row.getString(3), row.getString(4), row.getBytes(5)), row.getBoolean(6))))
                .list()
                .forEach(row -> keys.computeIfAbsent(row.device(), _ -> new ArrayList<>())
                        .add(row.key()));
        return keys;
    }

    /** The algorithms of keys that were not given to anybody, by device. */
    Map<String, List<String>> unused(JdbcClient jdbc, int shard, UserId user) {
        Map<String, List<String>> unused = new TreeMap<>();
        jdbc.sql("""
            SELECT device_id, algorithm FROM fallback_key
             WHERE shard = ? AND user_id = ? AND NOT used AND device_id IN (%s)\
            """.formatted(KeyTables.LOGGED_IN_OF))
                .params(shard, user.value(), shard, user.value())
                .query((row, _) -> new Unused(row.getString(1), row.getString(2)))
                .list()
                .forEach(each -> unused.computeIfAbsent(each.device(), _ -> new ArrayList<>())
                        .add(each.algorithm()));
        unused.values().forEach(Collections::sort);
        return unused;
    }
}
