package io.myelin.accountserver.storage;

import io.myelin.accountserver.backup.KeyBackups;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.UnshardedTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The committed key backups, and the deletion of rows that do not count any more. */
public final class StoredKeyBackups implements KeyBackups {
    private static final int SLICE = 2_000;

    /** A key of {@code k} that is not deleted. */
    private static final String KEYS = """
        SELECT k.room_id, k.session_id, k.first_message_index, k.forwarded_count, k.is_verified, k.data
          FROM key_backup_key k JOIN key_backup b USING (shard, user_id, version)
          LEFT JOIN key_backup_room r USING (shard, user_id, version, room_id)
         WHERE shard = ? AND user_id = ? AND version = ? AND NOT b.deleted
           AND k.seq > b.cleared AND k.seq > coalesce(r.cleared, 0)
        """;

    private final int shards;
    private final ServiceDatabase database;
    private final UnshardedTables tables;

    /** @param tables delete rows that no reader and no decision looks at */
    public StoredKeyBackups(int shards, ServiceDatabase database, UnshardedTables tables) {
        this.shards = shards;
        this.database = database;
        this.tables = tables;
    }

    @Override
    public Optional<KeyBackup> version(UserId user, @Nullable Long version) {
        return database.read(jdbc -> jdbc.sql("""
            SELECT version, algorithm, auth_data, etag, keys FROM key_backup
             WHERE shard = ? AND user_id = ? AND NOT deleted AND version = coalesce(?::bigint, version)
             ORDER BY version DESC LIMIT 1\
            """)
                .param(shard(user))
                .param(user.value())
                .param(version)
                .query((row, _) -> new KeyBackup(
                        row.getLong(1), row.getString(2), row.getBytes(3), row.getLong(4), row.getLong(5)))
                .optional());
    }

    @Override
    public Optional<BackedUpKey> key(UserId user, long version, String room, String session) {
        return database.read(jdbc -> jdbc.sql(KEYS + " AND k.room_id = ? AND k.session_id = ?")
                .params(shard(user), user.value(), version, room, session)
                .query(StoredKeyBackups::key)
                .optional());
    }

    @Override
    public List<BackedUpKey> keys(
            UserId user, long version, @Nullable String room, @Nullable BackedUpKey after, int limit) {
        return database.read(jdbc -> {
            String place = room == null
                    ? " AND (k.room_id, k.session_id) > (?, ?)"
                    : " AND k.room_id = ? AND k.session_id > ?";
            String afterRoom = after == null ? "" : after.room();
            return jdbc.sql(KEYS + place + " ORDER BY k.room_id, k.session_id LIMIT ?")
                    .params(
                            shard(user),
                            user.value(),
                            version,
                            room == null ? afterRoom : room,
                            after == null ? "" : after.session(),
                            limit)
                    .query(StoredKeyBackups::key)
                    .list();
        });
    }

    private static BackedUpKey key(ResultSet row, int number) throws SQLException {
        return new BackedUpKey(
                row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getBoolean(5), row.getBytes(6));
    }

    private int shard(UserId user) {
        return Partitions.of(user.value(), shards);
    }

    /** A version or a room of which rows are left that do not count. */
    private record Cleared(
            int shard, String user, long version, @Nullable String room, long at) {}

    /**
     * Deletes a slice of the rows of keys that were deleted with their version or their room.
     *
     * @param owned the shards of this instance: others delete those of theirs
     * @return whether there may be more
     */
    public boolean sweep(List<Integer> owned) {
        return !owned.isEmpty() && (sweepVersion(owned) || sweepRoom(owned));
    }

    /** Each step is a short transaction: the owner of the shard writes these rows, and must not wait. */
    private boolean sweepVersion(List<Integer> owned) {
        Optional<Cleared> found = tables.transact(jdbc -> jdbc.sql("""
            SELECT shard, user_id, version, cleared FROM key_backup
             WHERE shard = ANY (?) AND cleared > swept LIMIT 1\
            """)
                .params((Object) owned.toArray(Integer[]::new))
                .query((row, _) -> new Cleared(row.getInt(1), row.getString(2), row.getLong(3), "", row.getLong(4)))
                .optional());
        found.ifPresent(version -> {
            if (deleteSlice("key_backup_key", version) < SLICE && deleteSlice("key_backup_room", version) < SLICE) {
                tables.transact(jdbc -> jdbc.sql(
                                "UPDATE key_backup SET swept = ? WHERE shard = ? AND user_id = ? AND version = ?")
                        .params(version.at(), version.shard(), version.user(), version.version())
                        .update());
                tables.transact(jdbc ->
                        jdbc.sql("""
                            DELETE FROM key_backup b WHERE shard = ? AND user_id = ? AND deleted AND swept >= cleared
                               AND version < (SELECT max(version) FROM key_backup m
                                               WHERE m.shard = b.shard AND m.user_id = b.user_id)\
                            """).params(version.shard(), version.user()).update());
            }
        });
        return found.isPresent();
    }

    private int deleteSlice(String table, Cleared version) {
        return tables.transact(jdbc -> jdbc.sql("""
            DELETE FROM %1$s WHERE seq < ? AND ctid = ANY (ARRAY(
                SELECT ctid FROM %1$s WHERE shard = ? AND user_id = ? AND version = ? AND seq < ? LIMIT ?))\
            """.formatted(table))
                .params(version.at(), version.shard(), version.user(), version.version(), version.at(), SLICE)
                .update());
    }

    private boolean sweepRoom(List<Integer> owned) {
        Optional<Cleared> found = tables.transact(jdbc -> jdbc.sql("""
            SELECT shard, user_id, version, room_id, cleared FROM key_backup_room
             WHERE shard = ANY (?) AND cleared > swept LIMIT 1\
            """)
                .params((Object) owned.toArray(Integer[]::new))
                .query((row, _) ->
                        new Cleared(row.getInt(1), row.getString(2), row.getLong(3), row.getString(4), row.getLong(5)))
                .optional());
        found.ifPresent(room -> {
            int keys = tables.transact(jdbc -> jdbc.sql("""
                DELETE FROM key_backup_key WHERE seq < ? AND ctid = ANY (ARRAY(
                    SELECT ctid FROM key_backup_key
                     WHERE shard = ? AND user_id = ? AND version = ? AND room_id = ? AND seq < ? LIMIT ?))\
                """)
                    .params(
                            room.at(),
                            room.shard(),
                            room.user(),
                            room.version(),
                            Objects.requireNonNull(room.room()),
                            room.at(),
                            SLICE)
                    .update());
            if (keys < SLICE) {
                tables.transact(jdbc -> jdbc.sql("""
                    UPDATE key_backup_room SET swept = ?
                     WHERE shard = ? AND user_id = ? AND version = ? AND room_id = ?\
                    """)
                        .params(
                                room.at(),
                                room.shard(),
                                room.user(),
                                room.version(),
                                Objects.requireNonNull(room.room()))
                        .update());
            }
        });
        return found.isPresent();
    }
}
