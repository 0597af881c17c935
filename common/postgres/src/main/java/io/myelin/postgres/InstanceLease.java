package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's lease on whatever it owns in a service: one row, renewed every 500 ms on a connection of its own, and
 * only if the service's loop has turned since. A renewal that finds its row gone has lost everything: the process
 * goes on under a new id. On the same connection it hears when another instance has come or has released something.
 */
public final class InstanceLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceLease.class);
    private static final long LEASE_MILLIS = 2_000;
    private static final long RENEWAL_MILLIS = 500;

    /** The wait for a notification cannot be interrupted. */
    private static final int LISTEN_MILLIS = 100;

    private final ServiceDatabase database;
    private final String address;
    private @Nullable Thread thread;
    private volatile UUID id = UUID.randomUUID();
    private volatile long validUntilNanos = System.nanoTime();
    private volatile boolean closed;
    private @Nullable Connection connection;

    /** @param address at which others reach this process */
    public InstanceLease(ServiceDatabase database, String address) {
        this.database = database;
        this.address = address;
    }

    /**
     * Takes the lease; returns once it is held.
     *
     * @param loopHasTurned whether the loop has turned since it was last asked
     * @param lost told, on the lease's thread, when everything this process owned may have another owner
     * @param moved told, on the lease's thread, when it is worth a look who owns what; not reliably
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

    /** Whether nobody else can own what this process owns, by its own clock. */
    public boolean holds() {
        return System.nanoTime() - validUntilNanos < 0;
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
                id = UUID.randomUUID();
                lost.run();
                insert();
            }
        } catch (SQLException e) {
            LOG.warn("The lease of {} could not be renewed: {}", database.schema(), e.getMessage());
            disconnect();
        }
    }

    private void insert() throws SQLException {
        write(
                "INSERT INTO instance (id, address, lease_until) VALUES (?, ?, clock_timestamp() + interval '2 s')",
                statement -> {
                    statement.setObject(1, id);
                    statement.setString(2, address);
                    return statement.executeUpdate();
                });
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

    private boolean renew() throws SQLException {
        return write("UPDATE instance SET lease_until = clock_timestamp() + interval '2 s' WHERE id = ?", statement -> {
                    statement.setObject(1, id);
                    return statement.executeUpdate();
                })
                == 1;
    }

    private int write(String sql, SqlFunction<PreparedStatement, Integer> work) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.connect("myelin " + database.schema() + " lease");
            // A lease need not survive a crash of the database: whoever held it takes a new one.
            try (Statement statement = open.createStatement()) {
                statement.execute("SET synchronous_commit = off");
                statement.execute("LISTEN \"" + ShardClaims.channel(database.schema()) + "\"");
            }
            connection = open;
        }
        long sent = System.nanoTime();
        try (PreparedStatement statement = open.prepareStatement(sql)) {
            int count = work.apply(statement);
            if (count == 1) {
                validUntilNanos = sent + LEASE_MILLIS * 1_000_000;
            }
            return count;
        }
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
        validUntilNanos = System.nanoTime();
        try {
            if (thread != null) {
                thread.interrupt();
                thread.join(2_000);
            }
            if (connection != null && !connection.isClosed()) {
                write("DELETE FROM instance WHERE id = ?", statement -> {
                    statement.setObject(1, id);
                    return statement.executeUpdate() + 1;
                });
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
