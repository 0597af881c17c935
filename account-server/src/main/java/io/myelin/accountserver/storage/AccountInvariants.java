package io.myelin.accountserver.storage;

import static io.myelin.postgres.check.Invariant.RESTORE;

import io.myelin.contracts.Partitions;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.QueryInvariant;
import io.myelin.postgres.check.RowInvariants;
import java.util.List;

/** What holds in account-server's tables after every commit. */
public final class AccountInvariants {

    private static final String DROP_KEYS = "Delete the row: nobody can use these keys.";

    private static final String LOG_OUT = "Delete the row: the user logs in anew.";

    public static final List<Invariant> ALL = List.of(
            RowInvariants.keyIsOfItsShard("account", "user_id", Partitions::of),
            RowInvariants.numbersAreCommitted("device", "seq"),
            RowInvariants.numbersAreCommitted("account_data", "seq"),
            RowInvariants.numbersAreCommitted("profile", "seq"),
            RowInvariants.numbersAreCommitted("to_device", "seq"),
            RowInvariants.numbersAreCommitted("key_backup_key", "seq"),
            new QueryInvariant("key-backup-counts-its-keys", "Delete the key backup: the client makes a new one.", """
                SELECT format('shard %s, version %s of the key backup of %s', b.shard, b.version, b.user_id) AS place,
                       format('it counts %s keys and has %s', b.keys, count(k.seq)) AS what
                  FROM key_backup b
                  LEFT JOIN (SELECT k.shard, k.user_id, k.version, k.seq
                               FROM key_backup_key k
                               LEFT JOIN key_backup_room r USING (shard, user_id, version, room_id)
                              WHERE k.seq > coalesce(r.cleared, 0)) AS k
                    ON k.shard = b.shard AND k.user_id = b.user_id AND k.version = b.version AND k.seq > b.cleared
                 WHERE NOT b.deleted
                 GROUP BY b.shard, b.user_id, b.version, b.keys HAVING count(k.seq) <> b.keys\
                """),
            RowInvariants.numbersAreCommitted("device_keys", "seq"),
            RowInvariants.numbersAreCommitted("cross_signing_key", "seq"),
            RowInvariants.numbersAreCommitted("master_key_signature", "seq"),
            RowInvariants.numbersAreCommitted("one_time_key", "added"),
            RowInvariants.numbersAreCommitted("fallback_key", "seq"),
            new QueryInvariant("row-has-its-account", RESTORE, """
                SELECT format('shard %s, a row of table %s', t.shard, t.name) AS place,
                       format('there is no account %s', t.user_id) AS what
                  FROM (SELECT 'device' AS name, shard, user_id FROM device
                         UNION SELECT 'profile', shard, user_id FROM profile
                         UNION SELECT 'account_data', shard, user_id FROM account_data
                         UNION SELECT 'filter', shard, user_id FROM filter
                         UNION SELECT 'to_device', shard, user_id FROM to_device
                         UNION SELECT 'dehydrated_device', shard, user_id FROM dehydrated_device
                         UNION SELECT 'key_backup', shard, user_id FROM key_backup
                         UNION SELECT 'inherited_room', shard, user_id FROM inherited_room
                         UNION SELECT 'cross_signing_key', shard, user_id FROM cross_signing_key
                         UNION SELECT 'master_key_signature', shard, user_id FROM master_key_signature) AS t
                 WHERE NOT EXISTS (SELECT FROM account a WHERE a.shard = t.shard AND a.user_id = t.user_id)\
                """),
            new QueryInvariant("token-is-a-hash", LOG_OUT, """
                SELECT format('shard %s, device %s of %s', shard, device_id, user_id) AS place,
                       format('its token has %s bytes instead of the 32 of a hash', octet_length(token_hash)) AS what
                  FROM device WHERE octet_length(token_hash) <> 32\
                """),
            new QueryInvariant("token-is-of-one-device", LOG_OUT, """
                SELECT format('shard %s, device %s of %s', shard, min(device_id), min(user_id)) AS place,
                       format('%s devices have the same token', count(*)) AS what
                  FROM device WHERE token_hash IS NOT NULL GROUP BY shard, token_hash HAVING count(*) > 1\
                """),
            new QueryInvariant("session-began-before", LOG_OUT, """
                SELECT format('shard %s, device %s of %s', shard, device_id, user_id) AS place,
                       format('its session began with number %s, after its last change, %s', session, seq) AS what
                  FROM device WHERE session > seq\
                """),
            new QueryInvariant("closed-account-has-no-session", LOG_OUT, """
                SELECT format('shard %s, device %s of %s', d.shard, d.device_id, d.user_id) AS place,
                       'it is logged in, but the account is closed' AS what
                  FROM device d JOIN account a USING (shard, user_id)
                 WHERE a.deactivated AND d.token_hash IS NOT NULL\
                """),
            new QueryInvariant("keys-are-of-a-device", DROP_KEYS, """
                SELECT format('shard %s, a row of table %s', t.shard, t.name) AS place,
                       format('%s has no device %s that is logged in', t.user_id, t.device_id) AS what
                  FROM (SELECT 'device_keys' AS name, shard, user_id, device_id FROM device_keys
                         UNION SELECT 'one_time_key', shard, user_id, device_id FROM one_time_key
                         UNION SELECT 'fallback_key', shard, user_id, device_id FROM fallback_key) AS t
                 WHERE NOT EXISTS (SELECT FROM device d
                                    WHERE d.shard = t.shard AND d.user_id = t.user_id AND d.device_id = t.device_id
                                      AND d.token_hash IS NOT NULL)\
                """),
            new QueryInvariant("closed-account-has-no-keys", DROP_KEYS, """
                SELECT format('shard %s, key for %s of %s', k.shard, k.usage, k.user_id) AS place,
                       'the account is closed' AS what
                  FROM cross_signing_key k JOIN account a USING (shard, user_id) WHERE a.deactivated\
                """),
            new QueryInvariant("keys-are-signed-by-a-master-key", RESTORE, """
                SELECT format('shard %s, key for %s of %s', k.shard, k.usage, k.user_id) AS place,
                       'the user has no master key' AS what
                  FROM cross_signing_key k
                 WHERE NOT EXISTS (SELECT FROM cross_signing_key m
                                    WHERE m.shard = k.shard AND m.user_id = k.user_id AND m.usage = 'master')\
                """),
            new QueryInvariant("newest-change-is-in-the-log", RESTORE, """
                SELECT format('shard %s, a row of table %s of %s', t.shard, t.name, t.user_id) AS place,
                       format('the log does not have its change, number %s', t.seq) AS what
                  FROM (SELECT 'device' AS name, shard, user_id, seq, 4 AS kind, 5 AS other FROM device
                         UNION ALL SELECT 'profile', shard, user_id, seq, 6, 6 FROM profile
                         UNION ALL SELECT 'account_data', shard, user_id, seq, 7, 7 FROM account_data) AS t
                 WHERE NOT EXISTS (SELECT FROM log l
                                    WHERE l.shard = t.shard AND l.seq = t.seq AND l.kind IN (t.kind, t.other))\
                """),
            new QueryInvariant("message-has-its-device", "Delete the row: nobody gets the message.", """
                SELECT format('shard %s, to-device message %s', t.shard, t.seq) AS place,
                       format('%s has no device %s', t.user_id, t.device_id) AS what
                  FROM to_device t
                 WHERE NOT EXISTS (SELECT FROM device d
                                    WHERE d.shard = t.shard AND d.user_id = t.user_id AND d.device_id = t.device_id
                                      AND d.token_hash IS NOT NULL)\
                """),
            new QueryInvariant("newest-message-is-in-the-log", RESTORE, """
                SELECT format('shard %s, to-device messages of device %s of %s', t.shard, t.device_id, t.user_id)
                           AS place,
                       format('the log does not have the newest, number %s', t.seq) AS what
                  FROM (SELECT shard, user_id, device_id, max(seq) AS seq FROM to_device
                         GROUP BY shard, user_id, device_id) AS t
                 WHERE NOT EXISTS (SELECT FROM log l WHERE l.shard = t.shard AND l.seq = t.seq AND l.kind = 30)\
                """),
            new QueryInvariant("log-names-something", RESTORE, """
                SELECT format('shard %s, number %s', shard, seq) AS place,
                       'the log does not say which row it is about' AS what
                  FROM log WHERE reference IS NULL\
                """));

    private AccountInvariants() {}
}
