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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who owns which shard: claims and releases, each in a transaction of its own. */
final class ShardClaims implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShardClaims.class);

    /** A lock was not to be had in time, or two claims waited for each other. */
    private static final Set<String> IN_EACH_OTHERS_WAY = Set.of("55P03", "40P01");

    /** Takes what was free when it looked, unless somebody was faster: that has raised the epoch. */
    private static final String CLAIM = """
            WITH free AS (
                SELECT id, epoch
                  FROM shard
                 WHERE id = ANY (?)
                   AND (owner IS NULL OR owner = ? OR NOT EXISTS (SELECT FROM instance i WHERE i.id = shard.owner)))
            UPDATE shard s
               SET epoch = s.epoch + 1, owner = ?,
                   attempts = s.attempts + CASE WHEN s.owner IS NULL OR s.owner = ? THEN 0 ELSE 1 END
              FROM free
             WHERE s.id = free.id AND s.epoch = free.epoch
            RETURNING s.id, s.epoch, s.attempts, s.seq, s.published, s.incarnation, s.topic_id, s.next_offset,
                s.leader_epoch
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
    private @Nullable Connection releases;

    ShardClaims(ServiceDatabase database, Supplier<UUID> instance) {
        this.database = database;
        this.instance = instance;
    }

    List<ShardRow> claim(Set<Integer> shards) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '300ms'");
            statement.execute("DELETE FROM instance WHERE lease_until < clock_timestamp()");
            try {
                return claim(connection, shards);
            } catch (SQLException e) {
                if (!IN_EACH_OTHERS_WAY.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            }
            List<ShardRow> claimed = new ArrayList<>();
            for (int shard : new TreeSet<>(shards)) {
                claimed.addAll(claimOrEndItsHolder(connection, shard));
            }
            return claimed;
        }
    }

    private Connection connect() throws SQLException {
        return database.connect("myelin " + database.schema() + " claims");
    }

    private List<ShardRow> claimOrEndItsHolder(Connection connection, int shard) throws SQLException {
        try {
            return claim(connection, Set.of(shard));
        } catch (SQLException e) {
            if (!IN_EACH_OTHERS_WAY.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            try (PreparedStatement terminate = connection.prepareStatement(TERMINATE)) {
                terminate.setInt(1, shard);
                terminate.setString(2, database.schema());
                terminate.setObject(3, instance.get());
                terminate.execute();
            }
            return claim(connection, Set.of(shard));
        }
    }

    private List<ShardRow> claim(Connection connection, Set<Integer> shards) throws SQLException {
        UUID me = instance.get();
        List<ShardRow> claimed = new ArrayList<>();
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setArray(1, connection.createArrayOf("int", shards.toArray()));
            claim.setObject(2, me);
            claim.setObject(3, me);
            claim.setObject(4, me);
            try (ResultSet row = claim.executeQuery()) {
                while (row.next()) {
                    claimed.add(row(row));
                }
            }
        }
        return claimed;
    }

    private static ShardRow row(ResultSet row) throws SQLException {
        return new ShardRow(
                row.getInt("id"),
                row.getLong("epoch"),
                row.getInt("attempts"),
                row.getLong("seq"),
                row.getLong("published"),
                row.getLong("incarnation"),
                new LogPosition(
                        row.getObject("topic_id", UUID.class), row.getLong("next_offset"), row.getInt("leader_epoch")));
    }

    /** One after the other on one connection: at a stop, all shards are released at once. */
    synchronized void release(int shard, long epoch, long published) throws SQLException {
        try (PreparedStatement release = releasing()
                .prepareStatement(
                        "UPDATE shard SET owner = NULL, published = ? WHERE id = ? AND epoch = ? AND owner = ?")) {
            release.setLong(1, published);
            release.setInt(2, shard);
            release.setLong(3, epoch);
            release.setObject(4, instance.get());
            release.executeUpdate();
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private Connection releasing() throws SQLException {
        Connection open = releases;
        if (open == null) {
            open = connect();
            try (Statement statement = open.createStatement()) {
                // A release that a crash undoes is a shard whose owner has died, and that is provided for.
                statement.execute("SET synchronous_commit = off");
            }
            releases = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        try (Connection old = releases) {
            releases = null;
        } catch (SQLException e) {
            LOG.debug("A broken connection did not close", e);
        }
    }
}
