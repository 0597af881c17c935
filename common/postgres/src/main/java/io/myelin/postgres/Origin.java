package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database cluster that a schema's rows were written by. If the system identifier or timeline differs from the
 * noted one, the rows were restored from a copy, or a standby without the latest commits has taken over: numbers may
 * have gone back. Then every shard's incarnation is raised, and its epoch too, so that its former owner commits nothing
 * more.
 *
 * <p>The cluster is compared on every new connection of the lease, the claims and the loop: a failover also ends the
 * connections of a running process.
 */
final class Origin {

    private static final Logger LOG = LoggerFactory.getLogger(Origin.class);

    /**
     * Takes the timeline from the current WAL position: the control file shows a promotion only after the next
     * checkpoint.
     */
    private static final String COMPARE = """
            SELECT n.system_identifier, n.timeline, o.system_identifier IS NOT NULL AS known,
                   o.system_identifier = n.system_identifier AND o.timeline = n.timeline AS same,
                   coalesce((SELECT max(incarnation) FROM shard), 0) AS incarnation
              FROM (SELECT s.system_identifier,
                           ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int AS timeline
                      FROM pg_control_system() s) n
              LEFT JOIN origin o ON true
            """;

    private static final String RAISE = """
            UPDATE shard SET epoch = epoch + 1,
                   incarnation = greatest((SELECT max(incarnation) FROM shard) + 1,
                                          extract(epoch FROM statement_timestamp())::bigint)
            """;

    /** The cluster of a connection, and how it compares with the noted one. */
    private record Found(long system, int timeline, boolean known, boolean same, long incarnation) {}

    private Origin() {}

    /**
     * Compares, and raises the incarnation if this is another cluster, in a transaction of its own.
     *
     * @param connection in auto-commit mode
     * @return the incarnation of the schema's shards
     */
    static long incarnation(Connection connection) throws SQLException {
        Found found = compare(connection);
        if (found.same()) {
            return found.incarnation();
        }
        connection.setAutoCommit(false);
        try {
            lock(connection);
            long incarnation = noteWhileLocked(connection);
            connection.commit();
            return incarnation;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Until the transaction ends, no other process creates or counts shards or compares the cluster. */
    static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE origin IN EXCLUSIVE MODE");
        }
    }

    /** As {@link #incarnation}, in the transaction that holds the {@link #lock}. */
    static long noteWhileLocked(Connection connection) throws SQLException {
        Found found = compare(connection);
        if (found.same()) {
            return found.incarnation();
        }
        try (Statement statement = connection.createStatement()) {
            if (found.known()) {
                LOG.warn(
                        "The database of {} is another one than it was: its numbers may have gone back",
                        connection.getSchema());
                raise(connection);
                statement.executeUpdate("DELETE FROM origin");
                statement.executeUpdate("UPDATE server_life SET began = clock_timestamp()");
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO origin (system_identifier, timeline) VALUES (?, ?)")) {
            insert.setLong(1, found.system());
            insert.setInt(2, found.timeline());
            insert.executeUpdate();
        }
        return found.known() ? compare(connection).incarnation() : found.incarnation();
    }

    /**
     * Raises the incarnation of the schema's shards, all to the same, and their epochs. It becomes at least the time in
     * seconds: if two copies are made of the same rows, as by restoring a base backup twice, the system identifiers and
     * timelines of both may be the same, and so would be incarnations that only count.
     */
    private static void raise(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(RAISE);
        }
    }

    private static Found compare(Connection connection) throws SQLException {
        try (PreparedStatement compare = connection.prepareStatement(COMPARE);
                ResultSet row = compare.executeQuery()) {
            row.next();
            return new Found(
                    row.getLong("system_identifier"),
                    row.getInt("timeline"),
                    row.getBoolean("known"),
                    row.getBoolean("same"),
                    row.getLong("incarnation"));
        }
    }

    /**
     * Notes when the server's present life began, unless it is noted: a crash or a failover empties the unlogged table.
     */
    static void noteLife(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO server_life (began) VALUES (clock_timestamp()) ON CONFLICT (one) DO NOTHING");
        }
    }

    /**
     * Whether all leases whose renewals a crash may have lost have run out by now: the server's present life is older
     * than a lease lasts.
     */
    static boolean hasLostNoLease(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT EXISTS (SELECT FROM server_life WHERE began < clock_timestamp() - interval '2 s')");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
