package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes a service's shard rows at the first start, and raises the incarnation when the database is another one than it
 * was: restored from a copy, its numbers may have gone back. Another count later is refused, but to an ephemeral service.
 */
public final class ShardSetup {

    private ShardSetup() {}

    /** What becomes of a database that was made for another number of shards. */
    private interface OtherCount {
        void found(Connection connection, int count) throws SQLException;
    }

    /** @throws IllegalStateException if the database was made for another number of shards */
    public static void prepare(ServiceDatabase database, int shardCount) throws SQLException {
        prepare(database, shardCount, (_, found) -> {
            throw new IllegalStateException("The configuration says " + shardCount
                    + " shards, but the database was made for " + found + ": set myelin.shards to " + found);
        });
    }

    /**
     * For a service whose shards hold nothing but what is kept: there may be another number of them at each start. No
     * process may be running that knows another one.
     */
    public static void prepare(ServiceDatabase database, int shardCount, KeptStates<?> states) throws SQLException {
        prepare(database, shardCount, (connection, _) -> {
            renumber(connection, shardCount);
            states.reshard(connection, shardCount);
        });
    }

    private static void prepare(ServiceDatabase database, int shardCount, OtherCount otherCount) throws SQLException {
        try (Connection connection = database.connect("myelin " + database.schema() + " setup");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE origin IN EXCLUSIVE MODE");
            int found = shards(statement);
            if (found == 0) {
                makeShards(connection, shardCount, 0, 1);
            } else if (found != shardCount) {
                otherCount.found(connection, found);
            }
            compareOrigin(connection, statement);
            connection.commit();
        }
    }

    private static int shards(Statement statement) throws SQLException {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM shard")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static void makeShards(Connection connection, int shardCount, long epoch, long incarnation)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO shard (id, epoch, incarnation) SELECT generate_series(0, ? - 1), ?, ?")) {
            insert.setInt(1, shardCount);
            insert.setLong(2, epoch);
            insert.setLong(3, incarnation);
            insert.executeUpdate();
        }
    }

    /** Whatever a shard says from now on is newer than what any has said: a key may have come from another one. */
    private static void renumber(Connection connection, int shardCount) throws SQLException {
        long epoch;
        long incarnation;
        try (PreparedStatement delete = connection.prepareStatement("WITH gone AS (DELETE FROM shard RETURNING *)"
                        + " SELECT max(epoch), max(incarnation) FROM gone");
                ResultSet latest = delete.executeQuery()) {
            latest.next();
            epoch = latest.getLong(1);
            incarnation = latest.getLong(2);
        }
        makeShards(connection, shardCount, epoch, incarnation);
    }

    private static void compareOrigin(Connection connection, Statement statement) throws SQLException {
        long system;
        int timeline;
        try (ResultSet row = statement.executeQuery("SELECT s.system_identifier, c.timeline_id"
                + " FROM pg_control_system() s, pg_control_checkpoint() c")) {
            row.next();
            system = row.getLong(1);
            timeline = row.getInt(2);
        }
        boolean known;
        boolean same;
        try (ResultSet row = statement.executeQuery("SELECT system_identifier, timeline FROM origin")) {
            known = row.next();
            same = known && row.getLong(1) == system && row.getInt(2) == timeline;
        }
        if (same) {
            return;
        }
        if (known) {
            statement.executeUpdate("UPDATE shard SET incarnation = incarnation + 1");
            statement.executeUpdate("DELETE FROM origin");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO origin (system_identifier, timeline) VALUES (?, ?)")) {
            insert.setLong(1, system);
            insert.setInt(2, timeline);
            insert.executeUpdate();
        }
    }
}
