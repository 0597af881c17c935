package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.BackupChange;
import io.myelin.accountserver.account.BackupState;
import io.myelin.accountserver.account.EntityKey;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables {@code key_backup}, {@code key_backup_room} and {@code key_backup_key}. */
final class KeyBackupTables {
    private static final Column SHARD = Column.of("shard", Type.INT);
    private static final Column USER = Column.of("user_id", Type.TEXT);
    private static final Column VERSION = Column.of("version", Type.LONG);
    private static final Column ROOM = Column.of("room_id", Type.TEXT);
    private static final Column SESSION = Column.of("session_id", Type.TEXT);
    private static final Column SEQ = Column.of("seq", Type.LONG);

    private final TableRows created = TableRows.insert(
            "key_backup",
            SHARD,
            USER,
            VERSION,
            Column.of("algorithm", Type.TEXT),
            Column.of("auth_data", Type.BYTES),
            Column.of("deleted", Type.BOOLEAN),
            Column.of("etag", Type.LONG),
            Column.of("keys", Type.LONG),
            Column.of("bytes", Type.LONG),
            Column.of("cleared", Type.LONG),
            Column.of("rooms", Type.LONG));

    private final TableRows authData =
            TableRows.update("key_backup", 3, SHARD, USER, VERSION, Column.of("auth_data", Type.BYTES));

    private final TableRows changed = TableRows.update(
            "key_backup",
            3,
            SHARD,
            USER,
            VERSION,
            Column.of("deleted", Type.BOOLEAN),
            Column.of("etag", Type.LONG),
            Column.of("keys", Type.LONG),
            Column.of("bytes", Type.LONG),
            Column.of("cleared", Type.LONG),
            Column.of("rooms", Type.LONG));

    private final TableRows rooms = TableRows.upsert(
            "key_backup_room",
            4,
            SHARD,
            USER,
            VERSION,
            ROOM,
            Column.of("keys", Type.LONG),
            Column.of("bytes", Type.LONG),
            Column.of("cleared", Type.LONG),
            SEQ);

    private final TableRows keys = TableRows.upsert(
            "key_backup_key",
            5,
            SHARD,
            USER,
            VERSION,
            ROOM,
            SESSION,
            Column.of("first_message_index", Type.LONG),
            Column.of("forwarded_count", Type.LONG),
            Column.of("is_verified", Type.BOOLEAN),
            Column.of("data", Type.BYTES),
            SEQ);

    private final TableRows deletedKeys =
            TableRows.deleteOlder("key_backup_key", 5, SHARD, USER, VERSION, ROOM, SESSION, SEQ);

    List<TableRows> rows() {
        return List.of(created, authData, changed, rooms, keys, deletedKeys);
    }

    void write(int shard, AccountChange.KeyBackupSet set, long seq) {
        String user = set.published().user().value();
        BackupState.Version version = set.version();
        long number = version.number();
        switch (set.what()) {
            case BackupChange.Created(byte[] data) ->
                created.add(shard, user, number, version.algorithm(), data, false, 0L, 0L, 0L, 0L, 0L);
            case BackupChange.AuthDataSet(byte[] data) -> authData.add(shard, user, number, data);
            case BackupChange.Deleted _ -> {
                authData.add(shard, user, number, new byte[0]);
                change(shard, user, version, true);
            }
            case BackupChange.Cleared _ -> change(shard, user, version, false);
            case BackupChange.KeysPut put -> {
                change(shard, user, version, false);
                put.rooms().forEach((room, state) -> room(shard, user, number, room, state));
                for (BackedUpKey key : put.keys()) {
                    keys.add(
                            shard,
                            user,
                            number,
                            key.room(),
                            key.session(),
                            key.firstMessageIndex(),
                            key.forwardedCount(),
                            key.verified(),
                            key.data(),
                            seq);
                }
            }
            case BackupChange.RoomCleared cleared -> {
                change(shard, user, version, false);
                room(shard, user, number, cleared.room(), cleared.state());
            }
            case BackupChange.KeyDeleted deleted -> {
                change(shard, user, version, false);
                room(shard, user, number, deleted.room(), deleted.state());
                deletedKeys.add(shard, user, number, deleted.room(), deleted.session(), seq);
            }
        }
    }

    private void change(int shard, String user, BackupState.Version version, boolean deleted) {
        changed.add(
                shard,
                user,
                version.number(),
                deleted,
                version.etag(),
                version.keys(),
                version.bytes(),
                version.cleared(),
                version.rooms());
    }

    private void room(int shard, String user, long version, String room, BackupState.Room state) {
        rooms.add(shard, user, version, room, state.keys(), state.bytes(), state.cleared(), state.seq());
    }

    BackupState.Versions versions(JdbcClient jdbc, int shard, UserId user) {
        Map<Long, BackupState.Version> existing = new HashMap<>();
        long[] newest = {0};
        jdbc.sql("""
            SELECT version, algorithm, etag, keys, bytes, cleared, deleted, rooms
              FROM key_backup WHERE shard = ? AND user_id = ?\
            """).params(shard, user.value()).query(row -> {
            long number = row.getLong(1);
            newest[0] = Math.max(newest[0], number);
            if (!row.getBoolean(7)) {
                existing.put(
                        number,
                        new BackupState.Version(
                                number,
                                row.getString(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(8)));
            }
        });
        return new BackupState.Versions(newest[0], existing);
    }

    static Map<String, UserState> rooms(JdbcClient jdbc, int shard, List<EntityKey.OfBackupRoom> wanted) {
        Map<String, UserState> states = new HashMap<>();
        wanted.forEach(key -> states.put(key.text(), BackupState.Room.EMPTY));
        jdbc.sql("""
            SELECT r.user_id, r.version, r.room_id, r.keys, r.bytes, r.cleared, r.seq
              FROM unnest(?::text[], ?::bigint[], ?::text[]) AS wanted (user_id, version, room_id)
              JOIN key_backup_room r ON r.shard = ? AND r.user_id = wanted.user_id
               AND r.version = wanted.version AND r.room_id = wanted.room_id\
            """)
                .param(wanted.stream().map(key -> key.user().value()).toArray(String[]::new))
                .param(wanted.stream().map(EntityKey.OfBackupRoom::version).toArray(Long[]::new))
                .param(wanted.stream().map(EntityKey.OfBackupRoom::room).toArray(String[]::new))
                .param(shard)
                .query(row -> {
                    String key = new EntityKey.OfBackupRoom(
                                    new UserId(row.getString(1)), row.getLong(2), row.getString(3))
                            .text();
                    states.put(
                            key, new BackupState.Room(row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7)));
                });
        return states;
    }

    static Map<String, UserState> keys(JdbcClient jdbc, int shard, List<EntityKey.OfBackupKey> wanted) {
        Map<String, UserState> states = new HashMap<>();
        wanted.forEach(key -> states.put(key.text(), BackupState.Key.ABSENT));
        jdbc.sql("""
            SELECT k.user_id, k.version, k.room_id, k.session_id, k.first_message_index, k.forwarded_count,
                   k.is_verified, octet_length(k.data), k.seq
              FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[])
                   AS wanted (user_id, version, room_id, session_id)
              JOIN key_backup_key k ON k.shard = ? AND k.user_id = wanted.user_id AND k.version = wanted.version
               AND k.room_id = wanted.room_id AND k.session_id = wanted.session_id\
            """)
                .param(wanted.stream().map(key -> key.user().value()).toArray(String[]::new))
                .param(wanted.stream().map(EntityKey.OfBackupKey::version).toArray(Long[]::new))
                .param(wanted.stream().map(EntityKey.OfBackupKey::room).toArray(String[]::new))
                .param(wanted.stream().map(EntityKey.OfBackupKey::session).toArray(String[]::new))
                .param(shard)
                .query(row -> {
                    String key = new EntityKey.OfBackupKey(
                                    new UserId(row.getString(1)), row.getLong(2), row.getString(3), row.getString(4))
                            .text();
                    states.put(
                            key,
                            new BackupState.Key(
                                    row.getLong(5), row.getLong(6), row.getBoolean(7), row.getInt(8), row.getLong(9)));
                });
        return states;
    }
}
