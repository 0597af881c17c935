package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes a service's shard rows at the first start, refuses another count later, and raises the incarnation when the
 * database is another one than it was: restored from a copy, its numbers may have gone back.
 */
public final class ShardSetup {

    private ShardSetup() {}

    /** @throws IllegalStateException if the database was made for another number of shards */
    public static void prepare(ServiceDatabase database, int shardCount) throws SQLException {
        try (Connection connection = database.connect("myelin " + database.schema() + " setup");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE origin IN EXCLUSIVE MODE");
            makeShards(connection, statement, shardCount);
            compareOrigin(connection, statement);
            connection.commit();
        }
    }

    private static void makeShards(Connection connection, Statement statement, int shardCount) throws SQLException {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM shard")) {
            count.next();
            int found = count.getInt(1);
            if (found != 0 && found != shardCount) {
                throw new IllegalStateException("The configuration says " + shardCount
                        + " shards, but the database was made for " + found + ": set myelin.shards to " + found);
            }
            if (found == shardCount) {
                return;
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO shard (id) SELECT generate_series(0, ? - 1)")) {
            insert.setInt(1, shardCount);
            insert.executeUpdate();
        }
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
