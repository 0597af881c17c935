package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.EntityKey.OfOneTimeKeys;
import io.myelin.accountserver.account.KeyChange;
import io.myelin.accountserver.account.KeyChange.Row;
import io.myelin.accountserver.account.KeyFingerprint;
import io.myelin.accountserver.account.OneTimeKeys;
import io.myelin.accountserver.account.OneTimeKeys.OneTimeKey;
import io.myelin.accountserver.account.UserKeys;
import io.myelin.contracts.account.AccountQueries.KeyCounts;
import io.myelin.contracts.account.KeyFact;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.TableRows;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of keys together. */
final class KeyTables {
    /**
     * Those of some devices that are logged in; its parameters are the shard, the users and the devices. An owner of an
     * earlier release leaves the keys of a device that it removes: nobody is given these.
     */
    static final String LOGGED_IN = """
        SELECT d.user_id, d.device_id FROM device d
         WHERE d.shard = ? AND (d.user_id, d.device_id) IN (SELECT * FROM unnest(?::text[], ?::text[]))
           AND d.token_hash IS NOT NULL\
        """;

    /** The devices of a user that are logged in; its parameters are the shard and the user. */
    static final String LOGGED_IN_OF =
            "SELECT d.device_id FROM device d WHERE d.shard = ? AND d.user_id = ? AND d.token_hash IS NOT NULL";

    final DeviceKeyTable devices = new DeviceKeyTable();
    final CrossSigningKeyTable crossSigning = new CrossSigningKeyTable();
    final MasterKeySignatureTable signatures = new MasterKeySignatureTable();
    private final OneTimeKeyTable oneTime = new OneTimeKeyTable();
    private final FallbackKeyTable fallback = new FallbackKeyTable();

    /** A row that a batch writes and deletes is written first: a deletion leaves what is newer than itself. */
    List<TableRows> rows() {
        return List.of(
                devices.rows,
                devices.deletions,
                crossSigning.rows,
                crossSigning.deletions,
                signatures.rows,
                signatures.deletions,
                oneTime.rows,
                oneTime.deletions,
                oneTime.removals,
                fallback.rows,
                fallback.removals);
    }

    void write(int shard, KeyChange change, long seq) {
        switch (change) {
            case KeyChange.KeysSet(KeyFact published, List<Row> rows) ->
                rows.forEach(row -> write(shard, published.user(), row, seq));
            case KeyChange.OneTimeKeysSet set -> {
                UserId user = set.published().user();
                String device = set.published().device();
                set.keys().forEach(key -> oneTime.put(shard, user, device, key));
                set.forgotten().forEach(key -> oneTime.forget(shard, user, device, key, seq));
                set.fallback().forEach(key -> fallback.put(shard, user, device, key, seq));
            }
        }
    }

    private void write(int shard, UserId user, Row row, long seq) {
        switch (row) {
            case Row.DeviceKeys(var device, var keys) -> devices.put(shard, user, device, keys, seq);
            case Row.CrossSigningKey(var usage, var key) -> crossSigning.put(shard, user, usage, key, seq);
            case Row.SignedUser(var signed, var master) -> signatures.put(shard, user, signed, master, seq);
        }
    }

    void removeDevice(int shard, UserId user, String device, long seq) {
        oneTime.remove(shard, user, device, seq);
        fallback.remove(shard, user, device, seq);
    }

    UserKeys of(JdbcClient jdbc, int shard, UserId user) {
        return new UserKeys(
                devices.of(jdbc, shard, user), crossSigning.of(jdbc, shard, user), signatures.of(jdbc, shard, user));
    }

    Map<OfOneTimeKeys, OneTimeKeys> oneTimeKeys(JdbcClient jdbc, int shard, Collection<OfOneTimeKeys> devices) {
        var unclaimed = oneTime.of(jdbc, shard, devices);
        var lasting = fallback.of(jdbc, shard, devices);
        Map<OfOneTimeKeys, OneTimeKeys> keys = new HashMap<>();
        for (OfOneTimeKeys device : devices) {
            Map<Boolean, List<OneTimeKey>> byClaim = unclaimed.getOrDefault(device, List.of()).stream()
                    .collect(Collectors.partitioningBy(
                            key -> KeyFingerprint.is(key.key().key())));
            keys.put(
                    device,
                    new OneTimeKeys(
                            byClaim.getOrDefault(false, List.of()),
                            lasting.getOrDefault(device, List.of()),
                            byClaim.getOrDefault(true, List.of())));
        }
        return keys;
    }

    /** The counts of the user's devices that have keys which others claim. */
    List<KeyCounts> counts(JdbcClient jdbc, int shard, UserId user) {
        var counts = oneTime.counts(jdbc, shard, user);
        var unused = fallback.unused(jdbc, shard, user);
        var known = new TreeSet<>(counts.keySet());
        known.addAll(unused.keySet());
        return known.stream()
                .map(device -> new KeyCounts(
                        device, counts.getOrDefault(device, Map.of()), unused.getOrDefault(device, List.of())))
                .toList();
    }

    KeyFact.KeyCountsChanged counted(JdbcClient jdbc, int shard, UserId user, String device) {
        var key = new OfOneTimeKeys(user, device);
        OneTimeKeys keys = oneTimeKeys(jdbc, shard, List.of(key)).getOrDefault(key, OneTimeKeys.NONE);
        return new KeyFact.KeyCountsChanged(user, device, keys.counts(), keys.unusedFallback());
    }
}
