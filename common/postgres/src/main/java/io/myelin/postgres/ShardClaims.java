package io.myelin.postgres;

import io.myelin.engine.shard.LogPosition;
import io.myelin.engine.shard.ShardRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/** Who owns which shard: claims and releases, each in a transaction of its own. */
final class ShardClaims {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String CLAIM = """
            UPDATE shard
               SET epoch = epoch + 1, owner = ?,
                   attempts = attempts + CASE WHEN owner IS NULL OR owner = ? THEN 0 ELSE 1 END
             WHERE id = ?
               AND (owner IS NULL OR owner = ? OR NOT EXISTS (SELECT FROM instance i WHERE i.id = shard.owner))
            RETURNING epoch, attempts, seq, published, incarnation, topic_id, next_offset, leader_epoch
            """;

    /** Ends the backend that may still hold the row's lock in the name of an owner who lost it. */
    private static final String TERMINATE = """
            SELECT pg_terminate_backend(a.pid)
              FROM pg_stat_activity a, shard s
             WHERE s.id = ? AND a.application_name = 'myelin ' || ? || ' ' || s.owner
               AND (s.owner = ? OR NOT EXISTS (SELECT FROM instance i WHERE i.id = s.owner))
            """;

    private final ServiceDatabase database;
    private final Supplier<UUID> instance;

    ShardClaims(ServiceDatabase database, Supplier<UUID> instance) {
        this.database = database;
        this.instance = instance;
    }

    List<ShardRow> claim(Set<Integer> shards) throws SQLException {
        List<ShardRow> claimed = new ArrayList<>();
        try (Connection connection = database.connect("myelin " + database.schema() + " claims");
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '300ms'");
            statement.execute("DELETE FROM instance WHERE lease_until < clock_timestamp()");
            for (int shard : new TreeSet<>(shards)) {
                claimOrEndItsHolder(connection, shard).ifPresent(claimed::add);
            }
        }
        return claimed;
    }

    private Optional<ShardRow> claimOrEndItsHolder(Connection connection, int shard) throws SQLException {
        try {
            return claim(connection, shard);
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            try (PreparedStatement terminate = connection.prepareStatement(TERMINATE)) {
                terminate.setInt(1, shard);
                terminate.setString(2, database.schema());
                terminate.setObject(3, instance.get());
                terminate.execute();
            }
            return claim(connection, shard);
        }
    }

    private Optional<ShardRow> claim(Connection connection, int shard) throws SQLException {
        UUID me = instance.get();
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setObject(1, me);
            claim.setObject(2, me);
            claim.setInt(3, shard);
            claim.setObject(4, me);
            try (ResultSet row = claim.executeQuery()) {
                return row.next() ? Optional.of(row(shard, row)) : Optional.empty();
            }
        }
    }

    private static ShardRow row(int shard, ResultSet row) throws SQLException {
        return new ShardRow(
                shard,
                row.getLong("epoch"),
                row.getInt("attempts"),
                row.getLong("seq"),
                row.getLong("published"),
                row.getLong("incarnation"),
                new LogPosition(
                        row.getObject("topic_id", UUID.class), row.getLong("next_offset"), row.getInt("leader_epoch")));
    }

    void release(int shard, long epoch, long published) throws SQLException {
        try (Connection connection = database.connect("myelin " + database.schema() + " claims");
                PreparedStatement release = connection.prepareStatement(
                        "UPDATE shard SET owner = NULL, published = ? WHERE id = ? AND epoch = ? AND owner = ?")) {
            release.setLong(1, published);
            release.setInt(2, shard);
            release.setLong(3, epoch);
            release.setObject(4, instance.get());
            release.executeUpdate();
        }
    }
}
