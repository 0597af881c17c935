package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's lease on the shards that it owns in a service: one row, renewed every 500 ms on a connection of its
 * own, and only if the service's loop has turned since. If a renewal finds the row gone, or the shards in another
 * incarnation (see {@link Origin}), the process has lost all its shards and continues under a new id. It takes no lease
 * if the database has another number of shards than it is configured for. On the same connection it is notified when
 * another instance has come or has released a shard.
 */
public final class InstanceLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceLease.class);
    private static final long RENEWAL_MILLIS = 500;
    private static final String RENEW = """
            UPDATE instance SET lease_until = clock_timestamp() + interval '2 s'
             WHERE id = ? AND EXISTS (SELECT FROM shard HAVING max(incarnation) = ? AND count(*) = ?)
            """;

    private static final String INSERT = """
            INSERT INTO instance (id, address, lease_until)
            SELECT ?, ?, clock_timestamp() + interval '2 s'
             WHERE (SELECT count(*) FROM shard) = ?
            """;

    /** How long one wait for notifications lasts, since it cannot be interrupted. */
    private static final int LISTEN_MILLIS = 100;

    private final ServiceDatabase database;
    private final int shards;
    private final String address;
    private @Nullable Thread thread;
    private volatile UUID id = UUID.randomUUID();
    private volatile @Nullable LeaseTerm term;
    private volatile boolean closed;
    private final LongAdder losses = new LongAdder();
    private @Nullable Connection connection;

    /**
     * The shards' incarnation when the lease was taken. Another one later means that the database's rows may have gone
     * back.
     */
    private long incarnation;

    /**
     * @param shards how many this process is configured for
     * @param address at which others reach it
     */
    public InstanceLease(ServiceDatabase database, int shards, String address) {
        this.database = database;
        this.shards = shards;
        this.address = address;
    }

    /**
     * Takes the lease; returns once it is held.
     *
     * @param loopHasTurned whether the loop has turned since it was last asked
     * @param lost called on the lease's thread when all shards that this process owned may have other owners
     * @param moved called on the lease's thread when shards may have become free or another instance has come; not
     *     reliable
     */
    public void start(BooleanSupplier loopHasTurned, Runnable lost, Runnable moved) throws SQLException {
        insert();
        thread = Thread.ofPlatform()
                .daemon()
                .name(database.schema() + "-lease")
                .start(() -> renewForEver(loopHasTurned, lost, moved));
    }

    public UUID id() {
        return id;
    }

    /** How often the lease was lost, so that this process began anew. */
    public long losses() {
        return losses.sum();
    }

    /** Whether the lease holds by this process's own clocks, so that no other process can own its shards. */
    public boolean holds() {
        LeaseTerm latest = term;
        return !closed && latest != null && latest.holds();
    }

    private void renewForEver(BooleanSupplier loopHasTurned, Runnable lost, Runnable moved) {
        while (!closed) {
            try {
                listen(System.nanoTime() + RENEWAL_MILLIS * 1_000_000, moved);
            } catch (InterruptedException e) {
                return;
            }
            if (!closed && loopHasTurned.getAsBoolean()) {
                renewOrBeginAnew(lost);
            }
        }
    }

    private void listen(long untilNanos, Runnable moved) throws InterruptedException {
        for (long left = RENEWAL_MILLIS; left > 0 && !closed; left = (untilNanos - System.nanoTime()) / 1_000_000) {
            Connection open = connection;
            if (open == null) {
                Thread.sleep(left);
            } else if (hasHeard(open, (int) Math.min(left, LISTEN_MILLIS))) {
                moved.run();
            }
        }
    }

    private boolean hasHeard(Connection open, int millis) {
        try {
            PGNotification[] heard = open.unwrap(PGConnection.class).getNotifications(millis);
            return heard != null && heard.length > 0;
        } catch (SQLException e) {
            LOG.debug("The connection of the lease of {} is broken", database.schema(), e);
            disconnect();
            return false;
        }
    }

    private void renewOrBeginAnew(Runnable lost) {
        try {
            if (!renew()) {
                LOG.warn("The lease of {} was lost: this process begins anew", database.schema());
                term = null;
                losses.increment();
                UUID former = id;
                id = UUID.randomUUID();
                lost.run();
                delete(former);
                insert();
            }
        } catch (SQLException e) {
            LOG.warn("The lease of {} could not be renewed: {}", database.schema(), e.getMessage());
            disconnect();
        }
    }

    private void insert() throws SQLException {
        Connection open = open();
        incarnation = Origin.incarnation(open);
        LeaseTerm beginning = LeaseTerm.fromNow();
        open.setAutoCommit(false);
        try (Statement statement = open.createStatement();
                PreparedStatement insert = open.prepareStatement(INSERT)) {
            // No process can change the number of shards until this lease is visible.
            statement.execute("LOCK TABLE origin IN SHARE MODE");
            insert.setObject(1, id);
            insert.setString(2, address);
            insert.setInt(3, shards);
            int inserted = insert.executeUpdate();
            open.commit();
            if (inserted == 0) {
                throw new SQLException(
                        "This process is configured for " + shards + " shards, and the rows are for another number",
                        "55000");
            }
        } finally {
            open.setAutoCommit(true);
        }
        term = beginning;
        tellTheOthers();
    }

    private void tellTheOthers() throws SQLException {
        Connection open = connection;
        if (open != null) {
            try (PreparedStatement notify = open.prepareStatement("SELECT pg_notify(?, '')")) {
                notify.setString(1, ShardClaims.channel(database.schema()));
                notify.execute();
            }
        }
    }

    /**
     * Renews the lease; returns whether its row still exists and the shards still have the incarnation of the lease.
     */
    private boolean renew() throws SQLException {
        Connection open = open();
        LeaseTerm renewed = LeaseTerm.fromNow();
        try (PreparedStatement renew = open.prepareStatement(RENEW)) {
            renew.setObject(1, id);
            renew.setLong(2, incarnation);
            renew.setInt(3, shards);
            if (renew.executeUpdate() == 0) {
                return false;
            }
        }
        term = renewed;
        return true;
    }

    /** Deletes the lease of a former id, so that the shards it owned are free at once. */
    private void delete(UUID former) throws SQLException {
        try (PreparedStatement delete = open().prepareStatement("DELETE FROM instance WHERE id = ?")) {
            delete.setObject(1, former);
            delete.executeUpdate();
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.connectForMoments("myelin " + database.schema() + " lease");
            connection = open;
            try (Statement statement = open.createStatement()) {
                Origin.incarnation(open);
                Origin.noteLife(open);
                // A renewal need not survive a crash of the database: after a crash, no shard is claimed for the length
                // of a lease.
                statement.execute("SET synchronous_commit = off");
                statement.execute("LISTEN \"" + ShardClaims.channel(database.schema()) + "\"");
            } catch (SQLException e) {
                disconnect();
                throw e;
            }
        }
        return open;
    }

    private void disconnect() {
        try (Connection broken = connection) {
            connection = null;
        } catch (SQLException e) {
            LOG.debug("A broken connection did not close", e);
        }
    }

    /** Gives the lease up at once. */
    @Override
    public void close() {
        closed = true;
        term = null;
        try {
            if (thread != null) {
                thread.interrupt();
                thread.join(2_000);
            }
            if (connection != null && !connection.isClosed()) {
                delete(id);
            }
        } catch (SQLException e) {
            LOG.debug("The lease runs out by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }
}
